import type { RunnerTask, RunnerTestFile, RunnerTestSuite } from 'vitest'
import { checkReplay } from '../dsl/replay-match.ts'
import { checkStartOrder, scenarioMark } from '../dsl/start-order.ts'
import { messageOf, nameOf } from '../shared/errors.ts'

/**
 * Decides what of a collected spec runs under load, before it is reported: scenarios, and nothing else. A scenario is
 * selected as a whole – its objectives are nothing without its load, and the other way round – so that `-t` works with
 * the name of either.
 */
export function selectTasks(files: readonly RunnerTestFile[]): void {
  for (const file of files) {
    selectIn(file)
    if (isSelected(file)) failWhereImpossible(file)
  }
}

/** Fails a file as a whole, as if it could not be collected: nothing of it has started. */
function failWhereImpossible(file: RunnerTestFile): void {
  try {
    checkReplay(file)
    checkStartOrder(file)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const { stack = '' } = error
    file.result = { state: 'fail', errors: [{ name: nameOf(error), message: messageOf(error), stack }] }
  }
}

function selectIn(suite: RunnerTestSuite): void {
  for (const task of suite.tasks) {
    if (task.type === 'test') skip(task)
    else if (scenarioMark in task) selectScenario(task)
    else selectIn(task)
  }
  if (suite.tasks.length > 0 && !suite.tasks.some(isSelected)) skip(suite)
}

function selectScenario(suite: RunnerTestSuite): void {
  if (!isSelected(suite) || !suite.tasks.some(isSelected)) return
  for (const task of suite.tasks) if (task.mode === 'skip') task.mode = 'run'
}

function skip(task: RunnerTask): void {
  if (isSelected(task)) task.mode = 'skip'
}

function isSelected({ mode }: RunnerTask): boolean {
  return mode === 'run' || mode === 'queued' || mode === 'only'
}
