import type { Plugin } from 'vitest/config'
import type { TestProject, Vitest } from 'vitest/node'
import { LoadReporter } from '../../reporters/index.ts'
import { readEnvironment } from '../options/environment.ts'
import { isLoadAsked } from '../pool/asked.ts'
import { replayOf } from '../pool/replay-of.ts'
import { keepOutOfReruns } from './file-saves.ts'
import { refuseOtherPool, refuseSlowing } from './refusals.ts'

/** The part of a load project that needs Vitest's resolved configuration: our reporter, and what must not be changed. */
export function loadPlugin(threads: number | 'auto'): Plugin {
  return {
    name: 'vitest-load',
    configureVitest({ vitest, project }) {
      const asked = isLoadAsked(project, readEnvironment(process.env, []).asked)
      refuseOtherPool(project)
      if (asked) refuseSlowing(project, threads)
      // Before anything starts, a global setup for one: what is not there cannot be run again.
      if (asked) replayOf(vitest)
      keepApart(project)
      leaveUninstrumented(project, asked)
      keepOutOfReruns(vitest, project)
      addReporter(vitest, asked)
    },
  }
}

/** Command-line flags must not run two loads at once that the specs do not want together, or one of them twice. */
function keepApart({ config }: TestProject): void {
  config.isolate = true
  config.maxWorkers = 1
  config.retry = 0
  config.repeats = 0
  config.sequence.concurrent = false
  // Scenarios that are `.concurrent` are so all at once: some of them in a queue would be another load.
  config.maxConcurrency = Number.MAX_SAFE_INTEGER
}

/** V8 counts in the threads where coverage is on, and they get slower by it. The object is the root project's, too. */
function leaveUninstrumented(project: TestProject, asked: boolean): void {
  const { coverage } = project.config
  if (!coverage.enabled) return
  project.config.coverage = { ...coverage, enabled: false }
  if (asked)
    project.vitest.logger.warn(
      `The load project '${project.name}' runs without coverage, which would slow the load generator. Run another project, such as a functionalProject(), for it.`,
    )
}

function addReporter(vitest: Vitest, asked: boolean): void {
  const { reporters } = vitest.config
  const stream = reporters.some((reporter) => ownsStdout(vitest, reporter)) ? 'stderr' : 'stdout'
  reporters.push(new LoadReporter({ stream }))
  if (!asked) return
  // Vitest's own window at the bottom of a terminal and our live line cannot both own it.
  for (const reporter of reporters) {
    if (Array.isArray(reporter) && (reporter[0] === 'default' || reporter[0] === 'verbose'))
      Object.assign(reporter[1], { summary: false })
  }
}

/** Whether a reporter prints what a program reads: TAP always, JSON and XML when they are told to. */
function ownsStdout(vitest: Vitest, reporter: unknown): boolean {
  if (!Array.isArray(reporter)) return false
  const [name, options] = reporter as [unknown, { stdout?: unknown; outputFile?: unknown } | undefined]
  if (name === 'tap' || name === 'tap-flat') return true
  if (name !== 'json' && name !== 'junit') return false
  const { outputFile } = vitest.config
  const file = options?.outputFile ?? (typeof outputFile === 'object' ? outputFile[name] : outputFile)
  return options?.stdout === true && file === undefined
}
