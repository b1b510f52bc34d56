import type { RunnerTestFile, RunnerTestSuite } from 'vitest'
import { currentThreadHost } from '../engine/run-host.ts'
import type { ReplayRequest } from '../options/replay.ts'
import { LoadError } from '../shared/errors.ts'
import { cleanText } from '../shared/text.ts'
import { scenarioMark } from './start-order.ts'

type FileFacts = Pick<RunnerTestFile, 'name' | 'projectName'>

/** Whether a scenario of this name, in this file, is the one that is run again. */
export function isReplayed(replay: ReplayRequest, file: FileFacts, scenario: string): boolean {
  return scenario === replay.scenario && isFileOf(replay, file)
}

/**
 * Refuses a spec in which the scenario is no longer found that is to be run again, or found twice.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS`
 */
export function checkReplay(file: RunnerTestFile): void {
  const replay = currentThreadHost()?.replay
  if (replay === undefined || !isFileOf(replay, file)) return
  const names = scenariosIn(file)
  const found = names.filter((name) => name === replay.scenario).length
  if (found === 1) return
  const cannot = `LOAD_REPLAY=${replay.id} cannot be followed: ${replay.file}`
  const wanted = `'${cleanText(replay.scenario)}'`
  if (found > 1)
    throw new LoadError(
      'ERR_LOAD_OPTIONS',
      `${cannot} has ${found} scenarios named ${wanted}, and a result does not tell which of them it is of. Give each a name of its own, and run the load again.`,
    )
  const known = names.length === 0 ? 'none' : [...new Set(names)].map((name) => `'${cleanText(name)}'`).join(', ')
  throw new LoadError(
    'ERR_LOAD_OPTIONS',
    `${cannot} has no scenario ${wanted} any more; it has ${known}. Give the scenario its name back, or run the load again and take an id of that.`,
  )
}

function isFileOf({ file, project }: ReplayRequest, { name, projectName }: FileFacts): boolean {
  return name.replaceAll('\\', '/') === file.replaceAll('\\', '/') && (projectName ?? '') === project
}

function scenariosIn(suite: RunnerTestSuite): string[] {
  return suite.tasks.flatMap((task) => {
    if (task.type === 'test') return []
    return scenarioMark in task ? [task.name] : scenariosIn(task)
  })
}
