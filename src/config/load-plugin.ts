import type { Plugin } from 'vitest/config'
import type { TestProject, Vitest } from 'vitest/node'
import { LoadReporter } from '../../reporters/index.ts'
import { readEnvironment } from '../options/environment.ts'
import { isLoadAsked } from '../pool/asked.ts'
import { poolName } from '../pool/load-pool-worker.ts'
import { LoadError } from '../shared/errors.ts'

const machineReporters: readonly unknown[] = ['json', 'junit', 'tap', 'tap-flat']

/** The part of a load project that needs Vitest's resolved configuration: our reporter, and what must not be changed. */
export function loadPlugin(): Plugin {
  return {
    name: 'vitest-load',
    configureVitest({ vitest, project }) {
      refuseOtherPool(project)
      keepFilesApart(project)
      addReporter(vitest, isLoadAsked(project, readEnvironment(process.env, []).asked))
    },
  }
}

/** `--pool` on the command line replaces our pool silently: the specs would pass without any load. */
function refuseOtherPool(project: TestProject): void {
  if (project.config.pool === poolName) return
  throw new LoadError(
    'ERR_LOAD_OPTIONS',
    `The load project '${project.name}' cannot run: its pool was replaced by '${project.config.pool}', which sends no load. Run it without --pool.`,
  )
}

/** Command-line flags must not run two load files at once, or two on the same threads. */
function keepFilesApart({ config }: TestProject): void {
  config.isolate = true
  config.maxWorkers = 1
  config.retry = 0
  config.repeats = 0
  config.sequence.concurrent = false
}

function addReporter(vitest: Vitest, asked: boolean): void {
  const { reporters } = vitest.config
  const toStderr = reporters.some(
    (reporter) =>
      Array.isArray(reporter) &&
      machineReporters.includes(reporter[0]) &&
      !writesFile(vitest, reporter[0], reporter[1]),
  )
  reporters.push(new LoadReporter({ stream: toStderr ? 'stderr' : 'stdout' }))
  if (!asked) return
  // Vitest's own window at the bottom of a terminal and our live line cannot both own it.
  for (const reporter of reporters) {
    if (Array.isArray(reporter) && (reporter[0] === 'default' || reporter[0] === 'verbose'))
      Object.assign(reporter[1], { summary: false })
  }
}

function writesFile(vitest: Vitest, name: unknown, options: unknown): boolean {
  if (typeof options === 'object' && options !== null && 'outputFile' in options && options.outputFile !== undefined)
    return true
  const { outputFile } = vitest.config
  return (
    typeof outputFile === 'string' || (typeof outputFile === 'object' && typeof name === 'string' && name in outputFile)
  )
}
