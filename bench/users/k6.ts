import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { residentBytes } from '../support/processes.ts'
import type { Waiting } from './generator.ts'

const pollMs = 200
/** It waits when it has grown by less than this part for so long; k6 makes its users one after the other. */
const steadyRatio = 0.005
const steadyMs = 4000
const fixture = fileURLToPath(new URL('../fixture', import.meta.url))

/** How the users of one measurement wait. */
export interface K6Users {
  readonly url: string
  readonly waiting: Waiting
  readonly vus: number
  /** How many connections the server has. */
  readonly connections: () => Promise<number>
}

/** Resident memory of k6, in bytes, when all users wait. */
export async function weighK6(k6: string, { url, waiting, vus, connections }: K6Users): Promise<number> {
  const env = {
    ...process.env,
    BENCH_URL: url,
    BENCH_WAITING: waiting,
    BENCH_VUS: String(vus),
    K6_NO_USAGE_REPORT: 'true',
  }
  const child = spawn(k6, ['run', '--quiet', `${fixture}/k6-users.js`], { env, stdio: 'ignore' })
  const exited = once(child, 'exit')
  try {
    if (waiting === 'connected') while ((await connections()) < vus && child.exitCode === null) await setTimeout(pollMs)
    let bytes = 0
    let steadyBytes = residentBytes(child.pid ?? 0)
    do {
      bytes = steadyBytes
      await setTimeout(steadyMs)
      steadyBytes = residentBytes(child.pid ?? 0)
    } while (child.exitCode === null && Math.abs(steadyBytes - bytes) > steadyRatio * steadyBytes)
    if (child.exitCode !== null) throw new Error(`k6 ended with exit code ${child.exitCode} before its users waited.`)
    return steadyBytes
  } finally {
    child.kill('SIGKILL')
    await exited
  }
}
