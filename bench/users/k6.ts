import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { residentBytes } from '../support/processes.ts'
import type { Waiting } from './generator.ts'

const pollMs = 200
const settleMs = 2000
const startMs = 10_000
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
    if (waiting === 'parked') await setTimeout(startMs)
    else while ((await connections()) < vus && child.exitCode === null) await setTimeout(pollMs)
    await setTimeout(settleMs)
    if (child.exitCode !== null) throw new Error(`k6 ended with exit code ${child.exitCode} before its users waited.`)
    return residentBytes(child.pid ?? 0)
  } finally {
    child.kill('SIGKILL')
    await exited
  }
}
