import { describe, TestRunner } from 'vitest'
import { currentThreadHost } from '../engine/run-host.ts'
import { noEnvironment } from '../options/environment.ts'
import type { LoadOptions } from '../options/load-shapes.ts'
import { resolveMix, type MixCircumstances } from '../options/mix-options.ts'
import { shownName, type MixedLoad, type ResolvedScenarioOptions } from '../options/scenario-options.ts'
import { LoadError, throwProblems } from '../shared/errors.ts'
import { ignoreRejection, isThenable, showReceived } from './arguments.ts'
import { collectMix, type MixedScenario } from './mix-collection.ts'
import { environmentOf, registerScenario, registerTodo, testOptions } from './scenario.ts'
import { linesOf, resolveArguments } from './scenario-arguments.ts'
import type { ScenarioDefinition } from './scenario-definition.ts'
import type { Mode } from './scenario-mode.ts'

/** Options of a mix. */
export interface MixOptions {
  /** The load of all its scenarios together. `LOAD_*` variables win over it. */
  readonly load: LoadOptions
}

/** Registers a mix. See `mix`. */
export type MixFunction = <T>(
  name: string,
  options: MixOptions,
  /** Registers at once: what an async function registers after its first `await` comes too late. */
  scenarios: () => T extends PromiseLike<unknown> ? never : T,
) => T

/** `mix` with its chain. */
export interface MixAPI extends MixFunction {
  readonly skip: MixAPI
  readonly only: MixAPI
  readonly skipIf: (condition: unknown) => MixAPI
  readonly runIf: (condition: unknown) => MixAPI
}

/**
 * Registers scenarios that share one load, as the visitors of a site do: so many browse, so many buy. Under load all of
 * them run at once, each with its part of the load by its `weight`, and with its own metrics, objectives and result.
 * Rates are divided exactly; virtual users and iterations so that all parts together are the whole. Elsewhere they are
 * ordinary tests.
 *
 * Chain: `.skip .only .skipIf .runIf`. A scenario that is left out, by `.skip` or `-t`, takes its part with it: those of
 * the others stay as they are.
 *
 * @param name - names the group that the scenarios form.
 * @param options - the load of all of them together.
 * @param scenarios - holds the calls of `scenario()`, and nothing else that registers tests. Called once, at once.
 * @returns what the callback returned: the handles, to declare objectives on.
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all problems of the mix and its scenarios, before any request;
 * `ERR_LOAD_COLLECTION` inside another mix.
 * @example
 * ```ts
 * const { buying } = mix('shop', { load: { rate: '100/s', duration: '5m' } }, () => {
 *   scenario('browsing', { weight: 90 }, browse)
 *   return { buying: scenario('buying', { weight: 10 }, buy) }
 * })
 * expectLatency(buying).p(95).toBeBelow('1s')
 * ```
 */
export const mix: MixAPI = createMix({})

function createMix(mode: Mode): MixAPI {
  const call = (...input: unknown[]): unknown => define(mode, input)
  Object.defineProperty(call, 'skip', { get: () => createMix({ ...mode, skip: true }) })
  Object.defineProperty(call, 'only', { get: () => createMix({ ...mode, only: true }) })
  return Object.assign(call, {
    skipIf: (condition: unknown) => createMix({ ...mode, skip: mode.skip === true || Boolean(condition) }),
    runIf: (condition: unknown) => createMix({ ...mode, skip: mode.skip === true || !condition }),
  }) as unknown as MixAPI
}

function define(mode: Mode, input: readonly unknown[]): unknown {
  const [name, options, callback, ...more] = input as [string, ...unknown[]]
  const problems = more.map(
    (extra) => `mix(name, options, scenarios) takes nothing more; received ${showReceived(extra)}. Remove it`,
  )
  if (typeof callback !== 'function')
    problems.push(`scenarios: expected a function with the scenarios; received ${showReceived(callback)}`)
  const fill = typeof callback === 'function' ? (callback as () => unknown) : (): undefined => undefined
  const before = countTasks()
  const { value, scenarios } = collectMix(name, fill)
  if (countTasks() > before)
    problems.push(
      'scenarios: expected calls of scenario() only; received other tests or suites. Write them beside the mix',
    )
  if (isThenable(value)) {
    ignoreRejection(value)
    problems.push('scenarios: expected a function that is not async; received a promise from it')
  }
  const definitions = resolveAll({ name, options, scenarios }, problems)
  // Its scenarios run at once, and not the mix with the one after it.
  const together = currentThreadHost() === undefined ? {} : { concurrent: true }
  describe(name, { ...testOptions(mode), shuffle: false }, () => {
    for (const scenario of scenarios) {
      const definition = definitions.get(scenario)
      if (definition === undefined) registerTodo(scenario.record.name, together)
      else registerScenario({ ...scenario.mode, ...together }, definition)
    }
  })
  return value
}

/** How many tests and suites the surrounding suite holds so far. */
function countTasks(): number {
  return TestRunner.getCurrentSuite().tasks.length
}

interface WrittenMix {
  readonly name: string
  readonly options: unknown
  readonly scenarios: readonly MixedScenario[]
}

/** The scenarios that are more than a to-do, each with its part of the load. */
function resolveAll(
  { name, options, scenarios }: WrittenMix,
  problems: string[],
): ReadonlyMap<MixedScenario, ScenarioDefinition> {
  const host = currentThreadHost()
  const circumstances = {
    environment: host === undefined ? noEnvironment : environmentOf(host),
    profile: host?.options.profile,
  }
  const written = scenarios.filter(({ mode }) => mode.todo !== true)
  const parts = written.map((scenario) => scenario.written)
  const loads = resolveMix(name, options, circumstances, parts, problems)
  const resolved = written.map((scenario, index) => resolveOne(scenario, loads[index], circumstances, problems))
  throwProblems(`Mix ${shownName(name)}`, problems)
  return new Map(
    written.map((scenario, index) => {
      const {
        record,
        site,
        written: { body, options: own },
      } = scenario
      const definition = { name: record.name, options: own, resolved: resolved[index], body, record, site }
      return [scenario, definition as ScenarioDefinition]
    }),
  )
}

function resolveOne(
  { written }: MixedScenario,
  mixed: MixedLoad | undefined,
  { environment, profile }: MixCircumstances,
  problems: string[],
): ResolvedScenarioOptions | undefined {
  try {
    return resolveArguments(written, environment, profile, mixed)
  } catch (error) {
    if (!(error instanceof LoadError) || error.code !== 'ERR_LOAD_OPTIONS') throw error
    problems.push(...linesOf(error).map((line) => `scenario ${shownName(written.name)}: ${line}`))
    return undefined
  }
}
