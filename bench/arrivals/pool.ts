import type { LoadOptions, RunResult } from '../../src/index.ts'
import { removeResults, runSpec, takeResult } from '../support/fixture.ts'

/** A load through Vitest and the pool. */
export interface PoolRun {
  readonly url: string
  readonly path: string
  readonly load: LoadOptions
  readonly threads: number
  /** Where all of it runs, if not wherever there is room. */
  readonly core?: number
}

/** Runs a load as a user does, and takes its result. */
export async function runPool({ url, path, load, threads, core }: PoolRun): Promise<RunResult> {
  const env = {
    LOAD_BASE_URL: url,
    LOAD_THREADS: String(threads),
    BENCH_LOAD: JSON.stringify(load),
    BENCH_PATH: path,
  }
  await removeResults()
  // What is not `pass` ends with an exit code; what has no result fails below.
  await runSpec('arrivals.spec.ts', env, core).catch(() => undefined)
  return takeResult()
}
