import { readdir, readFile, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { RunResult } from '../../src/results/run-result.ts'
import { usageOf, type Usage } from './children.ts'

const fixture = new URL('../fixture/', import.meta.url)
const results = new URL('.vitest-load/results/', fixture)
const vitest = fileURLToPath(new URL('../vitest.mjs', import.meta.resolve('vitest')))

/** Runs a spec of the fixture under load, as a user does, and gives what all of it used. */
export async function runSpec(
  spec: string,
  env: Readonly<Record<string, string>>,
  core?: number,
  flags: readonly string[] = [],
): Promise<Usage> {
  const root = fileURLToPath(fixture)
  const command = [process.execPath, vitest, 'run', '--root', root, '--project', 'load', spec, ...flags]
  return usageOf(command, env, core)
}

/** Takes the one result that the last run has left. */
export async function takeResult(): Promise<RunResult> {
  const files = await readdir(results)
  const [file] = files
  if (file === undefined || files.length > 1) throw new Error(`Expected one result, found ${files.length}.`)
  const result = JSON.parse(await readFile(new URL(file, results), 'utf8')) as RunResult
  await removeResults()
  return result
}

/** Removes what runs of the fixture have left. */
export async function removeResults(): Promise<void> {
  await rm(new URL('.vitest-load', fixture), { recursive: true, force: true })
}
