import type { RunnerTask, RunnerTaskEventPack, RunnerTaskResultPack, RunnerTestFile, RunnerTestSuite } from 'vitest'
import { describeLoadFailure } from '../results/load-failure.ts'
import type { RunResult } from '../results/run-result.ts'
import { sloTitle } from '../slo/model.ts'

/** What Vitest is told about the tasks of a spec whose leader has died. */
export interface TaskReport {
  readonly packs: RunnerTaskResultPack[]
  readonly events: RunnerTaskEventPack[]
}

type TaskResult = NonNullable<RunnerTaskResultPack[1]>

/**
 * Reports in place of a dead leader what it can report no more: scenarios that were measured are judged by what there is
 * of their result, those that were not yet reached fail for that reason.
 */
export function reportForLeader(
  file: RunnerTestFile,
  resultOf: (taskId: string) => RunResult | undefined,
  reason: string,
): TaskReport {
  const report: TaskReport = { packs: [], events: [] }
  reportSuite(file, report, (task, siblings) => judge(task, siblings, resultOf, reason))
  return report
}

type Judge = (task: RunnerTask, siblings: readonly RunnerTask[]) => TaskResult

/** Returns whether anything in the suite has failed. */
function reportSuite(suite: RunnerTestSuite, report: TaskReport, judgeTask: Judge): boolean {
  let failed = suite.result?.state === 'fail'
  if (suite.result === undefined) report.events.push([suite.id, 'suite-prepare', undefined])
  for (const task of suite.tasks) {
    if (task.mode !== 'run' && task.mode !== 'queued' && task.mode !== 'only') continue
    if (task.type === 'suite') failed = reportSuite(task, report, judgeTask) || failed
    else failed = reportTest(task, judgeTask(task, suite.tasks), report) || failed
  }
  report.packs.push([suite.id, { ...suite.result, state: failed ? 'fail' : 'pass' }, suite.meta])
  report.events.push([suite.id, 'suite-finished', undefined])
  return failed
}

function reportTest(task: RunnerTask, judged: TaskResult, report: TaskReport): boolean {
  const state = task.result?.state
  if (state === 'pass' || state === 'fail' || state === 'skip') return state === 'fail'
  if (state === undefined) report.events.push([task.id, 'test-prepare', undefined])
  report.packs.push([task.id, { ...task.result, ...judged }, task.meta])
  report.events.push([task.id, 'test-finished', undefined])
  return judged.state === 'fail'
}

function judge(
  task: RunnerTask,
  siblings: readonly RunnerTask[],
  resultOf: (taskId: string) => RunResult | undefined,
  reason: string,
): TaskResult {
  if (task.name === 'load' || task.name === 'capacity') {
    const result = resultOf(task.id)
    if (result === undefined) return failWith(`The load did not take place: ${reason}`)
    return failWith(describeLoadFailure(result) ?? `The load has ended, but not its hooks: ${reason}`)
  }
  const load = siblings.find((sibling) => sibling.name === 'load')
  const outcomes = (load && resultOf(load.id))?.slos ?? []
  const outcome = outcomes.find(({ slo }) => !slo.implicit && sloTitle(slo) === task.name)
  if (outcome?.status === 'fail') return failWith(outcome.message)
  return { state: outcome?.status === 'pass' ? 'pass' : 'skip' }
}

function failWith(message: string): TaskResult {
  return { state: 'fail', errors: [{ name: 'AssertionError', message, stack: `AssertionError: ${message}` }] }
}
