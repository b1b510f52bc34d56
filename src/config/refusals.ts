import type { TestProject } from 'vitest/node'
import { LoadError } from '../shared/errors.ts'
import { poolName } from '../pool/load-pool-worker.ts'

/**
 * `--pool` on the command line, or a browser of the root configuration, replaces our pool silently: the specs would pass
 * without any load.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS`
 */
export function refuseOtherPool({ name, config }: TestProject): void {
  if (config.browser.enabled)
    refuse(
      name,
      'cannot run: browser mode is enabled, in which no load is sent. Run it without --browser, and enable browsers in the projects that need them.',
    )
  if (config.pool !== poolName)
    refuse(name, `cannot run: its pool was replaced by '${config.pool}', which sends no load. Run it without --pool.`)
}

/**
 * What would slow or stop the threads while they measure.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS`
 */
export function refuseSlowing({ name, config, globalConfig }: TestProject, threads: number | 'auto'): void {
  const { inspector, inspectBrk, detectAsyncLeaks, coverage } = globalConfig
  if ((inspector.enabled || config.inspector.enabled) && threads !== 1)
    refuse(
      name,
      `cannot run on ${threads === 'auto' ? "'auto'" : threads} threads with ${inspectBrk ? '--inspect-brk' : '--inspect'}: they would all want the debugger's port. Set LOAD_THREADS=1.`,
    )
  if (detectAsyncLeaks || config.detectAsyncLeaks)
    refuse(
      name,
      'cannot run with --detectAsyncLeaks, which tracks every promise and socket and so slows each request. Run it without.',
    )
  if (coverage.enabled && coverage.provider !== 'v8')
    refuse(
      name,
      `cannot run with coverage by '${coverage.provider}', which changes the code that is measured. Run it without --coverage, or set coverage.provider to 'v8', which leaves load projects alone.`,
    )
}

function refuse(name: string, problem: string): never {
  throw new LoadError('ERR_LOAD_OPTIONS', `The load project '${name}' ${problem}`)
}
