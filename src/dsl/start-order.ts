import type { RunnerTask, RunnerTestCase, RunnerTestFile, RunnerTestSuite } from 'vitest'
import { systemClock } from '../engine/clock.ts'
import type { LoadRun } from '../engine/load-run.ts'
import { throwProblems } from '../shared/errors.ts'
import { showValue } from '../shared/text.ts'

/** Marks the suite of a scenario for the load pool, which runs nothing else of a spec. A symbol is not sent to main. */
export const scenarioMark: unique symbol = Symbol.for('vitest-load.scenario') as typeof scenarioMark

/** What the mark tells of a scenario. */
export interface ScenarioMark {
  /** Name of the scenario after whose load this one begins. */
  readonly startAfter: string | undefined
  /** Whether its iterations start at planned times. */
  readonly isOpen: boolean
  /** The place in the user's file where it stands. */
  readonly site: Error
}

type ScenarioSuite = RunnerTestSuite & { readonly [scenarioMark]: ScenarioMark }

/** What a load of a thread waits for, and tells those that wait for it. */
export type LoadOrder = Required<Pick<LoadRun, 'turn' | 'onEnd'>>

/** How often one looks whether another load, of which nothing was heard, will not take place. */
const lookIntervalMs = 100

const endings = new WeakMap<RunnerTask, PromiseWithResolvers<void>>()

/** The order of the load whose test is `task`: by what its `startAfter` says. */
export function orderOf(task: RunnerTestCase): LoadOrder {
  const other = predecessorOf(task)
  return {
    turn: other === undefined ? undefined : () => whenEnded(other),
    onEnd: () => endingOf(task).resolve(),
  }
}

/** Whether one of the loads that run at once with that of a test, itself included, has planned times to keep. */
export function runsWithOpenLoad({ suite }: RunnerTestCase): boolean {
  if (suite === undefined || !isScenario(suite)) return false
  return groupOf(suite).some((scenario) => scenario[scenarioMark].isOpen && loadOf(scenario)?.mode !== 'skip')
}

/**
 * Refuses what could never start, before anything does: a `startAfter` that names no scenario of the same concurrent group,
 * or a circle of them.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all problems of the file, at the place of the first of them.
 */
export function checkStartOrder(file: RunnerTestFile): void {
  const problems = scenariosIn(file).flatMap((scenario) => {
    const problem = findProblem(scenario)
    return problem === undefined ? [] : [{ problem, site: scenario[scenarioMark].site }]
  })
  const [first] = problems
  if (first === undefined) return
  try {
    throwProblems(
      'Order of scenarios',
      problems.map(({ problem }) => problem),
    )
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const frames = first.site.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? []
    error.stack = [`${error.name}: ${error.message}`, ...frames].join('\n')
    throw error
  }
}

function findProblem(scenario: ScenarioSuite): string | undefined {
  const { startAfter } = scenario[scenarioMark]
  if (startAfter === undefined) return undefined
  const what = `scenario '${scenario.name}': startAfter ${showValue(startAfter)}`
  if (startAfter === scenario.name) return `${what} is itself. Name another scenario`
  const group = groupOf(scenario).filter((other) => other !== scenario)
  const named = group.filter(({ name }) => name === startAfter)
  if (named.length > 1) return `${what} is the name of ${named.length} scenarios. Give each a name of its own`
  if (named.length === 0) {
    const known = group.map(({ name }) => `'${name}'`).join(', ')
    const there = group.length === 0 ? 'It runs alone' : `With it ${group.length === 1 ? 'runs' : 'run'} ${known}`
    return `${what} does not run at the same time. ${there}; put both into one describe.concurrent(), or remove 'startAfter'`
  }
  const circle = circleOf(scenario)
  return circle === undefined
    ? undefined
    : `${what} makes a circle: ${circle.join(' after ')}. Let one of them start first`
}

function circleOf(scenario: ScenarioSuite): string[] | undefined {
  const names = [`'${scenario.name}'`]
  const seen = new Set<ScenarioSuite>()
  for (let next = otherOf(scenario); next !== undefined && !seen.has(next); next = otherOf(next)) {
    seen.add(next)
    names.push(`'${next.name}'`)
    if (next === scenario) return names
  }
  return undefined
}

/** The scenario after whose load another one begins. */
function otherOf(scenario: ScenarioSuite): ScenarioSuite | undefined {
  const { startAfter } = scenario[scenarioMark]
  if (startAfter === undefined) return undefined
  return groupOf(scenario).find((other) => other !== scenario && other.name === startAfter)
}

/** The test `load` after which that of another scenario begins; `undefined` where it waits for none, or for a skipped one. */
function predecessorOf({ suite }: RunnerTestCase): RunnerTestCase | undefined {
  const other = suite !== undefined && isScenario(suite) ? otherOf(suite) : undefined
  return other && loadOf(other)
}

function loadOf({ tasks: [load] }: ScenarioSuite): RunnerTestCase | undefined {
  return load?.type === 'test' ? load : undefined
}

/**
 * All scenarios that run at once with one, itself included. Vitest runs neighbours that are concurrent together; of a suite
 * among them, all that it holds, if that is concurrent throughout.
 */
function groupOf(scenario: ScenarioSuite): ScenarioSuite[] {
  let group = [scenario]
  let task: RunnerTestSuite = scenario
  while (task.concurrent === true) {
    const parent: RunnerTestSuite = task.suite ?? task.file
    const neighbours = neighboursOf(task, parent)
    group = neighbours.flatMap(membersOf)
    if (neighbours.length < parent.tasks.length || parent === parent.file) return group
    task = parent
  }
  return group
}

/** The tasks around one that Vitest runs together with it. */
function neighboursOf(task: RunnerTask, { tasks }: RunnerTestSuite): RunnerTask[] {
  const isOther = (candidate: RunnerTask): boolean => candidate.concurrent !== true
  const position = tasks.indexOf(task)
  const after = tasks.findIndex((candidate, index) => index > position && isOther(candidate))
  const before = tasks.findLastIndex((candidate, index) => index < position && isOther(candidate))
  return tasks.slice(before + 1, after === -1 ? undefined : after)
}

function membersOf(task: RunnerTask): ScenarioSuite[] {
  if (task.type !== 'suite') return []
  if (isScenario(task)) return [task]
  return task.tasks.every((child) => child.concurrent === true) ? task.tasks.flatMap(membersOf) : []
}

function scenariosIn(suite: RunnerTestSuite): ScenarioSuite[] {
  return suite.tasks.flatMap((task) => {
    if (task.type !== 'suite') return []
    return isScenario(task) ? [task] : scenariosIn(task)
  })
}

function isScenario(task: RunnerTask): task is ScenarioSuite {
  return scenarioMark in task
}

function endingOf(task: RunnerTask): PromiseWithResolvers<void> {
  const known = endings.get(task)
  if (known !== undefined) return known
  const created = Promise.withResolvers<void>()
  endings.set(task, created)
  return created
}

/** Resolves when the load of a test has ended on this thread, or will not take place. */
async function whenEnded(task: RunnerTestCase): Promise<void> {
  const ended = new AbortController()
  void endingOf(task).promise.then(() => ended.abort())
  // A hook of a suite around it that fails, for instance, ends it without a word.
  while (!ended.signal.aborted && !isOver(task)) await systemClock.sleep(lookIntervalMs, ended.signal)
}

function isOver({ mode, result }: RunnerTestCase): boolean {
  const state = result?.state
  return mode === 'skip' || mode === 'todo' || state === 'pass' || state === 'fail' || state === 'skip'
}
