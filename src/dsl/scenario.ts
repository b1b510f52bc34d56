import { describe, test, TestRunner } from 'vitest'
import { currentThreadHost, type ThreadHost } from '../engine/run-host.ts'
import { noEnvironment, readEnvironment, type LoadEnvironment } from '../options/environment.ts'
import { isOpen } from '../options/resolved-load.ts'
import type { RunResult } from '../results/run-result.ts'
import { LoadError, throwProblems } from '../shared/errors.ts'
import { figureName, formatCondition, formatFigure, sloTitle, type SloOutcome } from '../slo/model.ts'
import { showReceived } from './arguments.ts'
import { SloAssertionError } from './assertion-error.ts'
import { registerExpectations } from './capacity-cases.ts'
import { runFunctional } from './functional-test.ts'
import { createHandle, type ScenarioHandle, type ScenarioRecord, type SloDeclaration } from './handle.ts'
import { runLoadTest } from './load-test.ts'
import { currentMix } from './mix-collection.ts'
import { installRefusals } from './refusals.ts'
import { resolveArguments, sortArguments, type ScenarioArguments } from './scenario-arguments.ts'
import type { ScenarioDefinition } from './scenario-definition.ts'
import { registerReplay } from './replay-test.ts'
import type { Mode } from './scenario-mode.ts'
import type { ScenarioAPI } from './scenario-types.ts'
import { scenarioMark, type ScenarioMark } from './start-order.ts'
import { installTestSessions } from './test-session.ts'
import { formatTitle } from './title.ts'

installTestSessions()

/**
 * Registers a scenario. Under a load project its body is one iteration of one virtual user, run as often as `load` says;
 * each objective declared on the returned handle is a test case beside it. In any other project it is an ordinary test
 * that runs once.
 *
 * Chain: `.skip .only .todo .concurrent .skipIf .runIf .for`, as Vitest's `describe`.
 *
 * @param name - names the scenario in reports and results.
 * @param options - how much load, data rows, hooks; see `ScenarioOptions`.
 * @param body - what a user does. What one step returns the next can use, fully typed.
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all problems of the call and the options, before any request.
 * @example
 * ```ts
 * const browsing = scenario('browsing', { load: { vus: 50, duration: '30s' } }, async () => {
 *   await step('list', () => http.get('/products').expect(200))
 * })
 * expectLatency(browsing.step('list')).p(95).toBeBelow('300ms')
 * ```
 */
export const scenario: ScenarioAPI = createScenario({})

/** The same as `scenario`, under a name that Vitest's static discovery (`vitest list`, editors) takes for a test. */
export const loadTest: ScenarioAPI = scenario

function createScenario(mode: Mode): ScenarioAPI {
  const register = (...input: unknown[]): ScenarioHandle => define(mode, sortArguments(input, false), register)
  const chain = {
    skipIf: (condition: unknown) => createScenario({ ...mode, skip: mode.skip === true || Boolean(condition) }),
    runIf: (condition: unknown) => createScenario({ ...mode, skip: mode.skip === true || !condition }),
    for: (cases: unknown) => forCases(mode, cases),
  }
  for (const key of ['skip', 'only', 'todo', 'concurrent'] as const) {
    Object.defineProperty(register, key, { get: () => createScenario({ ...mode, [key]: true }) })
  }
  return Object.assign(register, chain) as unknown as ScenarioAPI
}

function forCases(mode: Mode, cases: unknown): (...input: unknown[]) => ScenarioHandle[] {
  if (!Array.isArray(cases)) {
    throw new LoadError(
      'ERR_LOAD_OPTIONS',
      `scenario.for(): expected an array of cases, received ${showReceived(cases)}. Write scenario.for([…])(name, options, body).`,
    )
  }
  const register = (...input: unknown[]): ScenarioHandle[] => {
    const written = sortArguments(input, true)
    return cases.map((item, index) => define(mode, bindCase(written, item, index), register))
  }
  return register
}

function bindCase(written: ScenarioArguments, item: unknown, index: number): ScenarioArguments {
  const { name, options, body } = written
  return {
    ...written,
    name: typeof name === 'string' ? formatTitle(name, item, index) : name,
    options: isFunction(options) ? options(item) : options,
    body: isFunction(body) ? (context: unknown): unknown => body(item, context) : body,
  }
}

function isFunction(value: unknown): value is (...input: unknown[]) => unknown {
  return typeof value === 'function'
}

function define(mode: Mode, written: ScenarioArguments, caller: (...input: never[]) => unknown): ScenarioHandle {
  const { name, options, body } = written
  const record: ScenarioRecord = { name, declarations: [], sealed: false }
  const site = new Error(name)
  Error.captureStackTrace(site, caller)
  const mix = currentMix()
  if (mix !== undefined) {
    mix.push({ mode, written, record, site })
    return createHandle(record, writtenSteps(options))
  }
  if (mode.todo === true) {
    registerTodo(name, mode)
    return createHandle(record)
  }
  const host = currentThreadHost()
  const environment = host === undefined ? noEnvironment : environmentOf(host)
  const resolved = resolveArguments(written, environment, host?.options.profile)
  registerScenario(mode, { name, options, resolved, body, record, site } as ScenarioDefinition)
  return createHandle(record, resolved.steps)
}

/** Registers a scenario with Vitest that is not written yet. */
export function registerTodo(name: string, { concurrent = false }: Mode = {}): void {
  if (currentThreadHost() === undefined) test.todo(name)
  else if (concurrent) describe.concurrent.todo(name)
  else describe.todo(name)
}

/** Registers a scenario with Vitest: as a suite of its load and objectives, or as an ordinary test. */
export function registerScenario(mode: Mode, definition: ScenarioDefinition): void {
  const host = currentThreadHost()
  if (host !== undefined) registerLoad(mode, definition, host)
  else test(definition.name, testOptions(mode), async ({ signal }) => runFunctional(definition, signal))
}

/** Whatever else is wrong with the options is told when the mix is known. */
function writtenSteps(options: unknown): string[] | undefined {
  const steps = typeof options === 'object' && options !== null && 'steps' in options ? options.steps : undefined
  return Array.isArray(steps) && steps.every((step) => typeof step === 'string') ? steps : undefined
}

/**
 * What the environment of the load pool's thread asks for.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all that is wrong with it.
 */
export function environmentOf(host: ThreadHost): LoadEnvironment {
  const problems: string[] = []
  const environment = readEnvironment(host.environment, problems)
  throwProblems('Environment', problems)
  return environment
}

/** What Vitest is told of a mode. */
export function testOptions({ skip, only, concurrent }: Mode): {
  skip?: boolean
  only?: boolean
  concurrent?: boolean
} {
  return { ...(skip === true && { skip }), ...(only === true && { only }), ...(concurrent === true && { concurrent }) }
}

function registerLoad(mode: Mode, definition: ScenarioDefinition, host: ThreadHost): void {
  const { record, name } = definition
  if (host.asked) installRefusals()
  const skip = mode.skip === true || !host.asked
  if (host.replay !== undefined) {
    registerReplay(testOptions({ ...mode, skip }), definition, host, host.replay)
    return
  }
  describe(name, { ...testOptions({ ...mode, skip }), shuffle: false }, () => {
    record.sealed = true
    const { suite } = TestRunner.getCurrentSuite()
    const { load: planned } = definition.resolved
    const mark: ScenarioMark = { startAfter: planned.startAfter, isOpen: isOpen(planned), site: definition.site }
    if (suite !== undefined) Object.assign(suite, { [scenarioMark]: mark })
    const options = { timeout: 0, retry: 0, repeats: 0, concurrent: false }
    let result: RunResult | undefined
    const isSearch = definition.capacity !== undefined
    test(isSearch ? 'capacity' : 'load', options, async (context) => {
      let load = Promise.resolve()
      // When the test run is cancelled, Vitest gives up the test at once; what was measured so far needs a moment more.
      context.onTestFinished(() => load.catch(() => {}), 0)
      load = runLoadTest(definition, host, context, { onResult: (measured) => (result = measured) })
      await load
    })
    registerExpectations(record, options, host.thread > 0, () => result)
    // What each level of a search is judged by is no test case: the level that breaks it is what was looked for.
    for (const declaration of isSearch ? [] : record.declarations) {
      test(sloTitle(declaration.slo), options, (context) => {
        if (host.thread > 0) return
        const outcome = result?.slos.find((candidate) => candidate.slo.id === declaration.slo.id)
        if (outcome === undefined) context.skip('the load gave no result')
        else if (outcome.status === 'skipped') context.skip(outcome.message)
        else assertSlo(declaration, outcome)
      })
    }
  })
}

function assertSlo({ slo, site }: SloDeclaration, outcome: SloOutcome): void {
  if (outcome.status === 'pass') return
  const figure = figureName(slo)
  throw new SloAssertionError(outcome.message, site, {
    expected: `${figure} ${formatCondition(slo)}`,
    actual: `${figure} ${describeActual(outcome)}`,
  })
}

function describeActual({ slo, actual, endedLoad }: SloOutcome): string {
  if (endedLoad === true) return 'ended the load'
  if (actual === undefined) return '= not measured'
  if (slo.window === undefined) return `= ${formatFigure(slo.aggregate, actual)}`
  return formatCondition({ ...slo, window: { ...slo.window, share: actual } })
}
