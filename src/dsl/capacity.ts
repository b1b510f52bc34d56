import { currentThreadHost } from '../engine/run-host.ts'
import { resolveCapacityOptions, scenarioPartOf, type ResolvedCapacity } from '../options/capacity-options.ts'
import { noEnvironment } from '../options/environment.ts'
import { formatLevel } from '../results/capacity-result.ts'
import { LoadError, messageOf } from '../shared/errors.ts'
import { parseRate } from '../shared/rates.ts'
import { showValue } from '../shared/text.ts'
import { sloId, type SloAggregate } from '../slo/model.ts'
import { showReceived } from './arguments.ts'
import type { CapacityAPI, CapacityBounds, CapacityHandle } from './capacity-types.ts'
import { createHandle, subjectOf, type ScenarioRecord } from './handle.ts'
import { environmentOf, registerScenario, registerTodo } from './scenario.ts'
import type { Mode } from './scenario-mode.ts'
import { resolveArguments } from './scenario-arguments.ts'
import type { ScenarioDefinition } from './scenario-definition.ts'

/**
 * Registers a search for the highest load that meets the objectives. Under a load project it runs the body at one level
 * after another: from `from` on as long as they are met, then between the last level that met them and the first that did
 * not, until both are near enough. Objectives are those of the option `slo` and those declared on the returned handle: here
 * they are what each level is judged by, and no test cases. `expectCapacity` makes one. In any other project it is an
 * ordinary test that runs once.
 *
 * Chain: `.skip .only .todo .skipIf .runIf`.
 *
 * @param name - names the search in reports and results.
 * @param options - where to search and how; see `CapacityOptions`.
 * @param body - what a user does.
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all problems of the call and the options, before any request.
 * @example
 * ```ts
 * const browsing = capacity('browsing', { from: '50/s', to: '2000/s', hold: '10s', slo: { p95: '300ms' } }, async () => {
 *   await http.get('/products').expect(200)
 * })
 * expectCapacity(browsing).toBeAbove('400/s')
 * ```
 */
export const capacity: CapacityAPI = createCapacity({})

function createCapacity(mode: Mode): CapacityAPI {
  const register = (name: string, ...input: unknown[]): CapacityHandle => define(mode, name, input, register)
  const chain = {
    skipIf: (condition: unknown) => createCapacity({ ...mode, skip: mode.skip === true || Boolean(condition) }),
    runIf: (condition: unknown) => createCapacity({ ...mode, skip: mode.skip === true || !condition }),
  }
  for (const key of ['skip', 'only', 'todo'] as const) {
    Object.defineProperty(register, key, { get: () => createCapacity({ ...mode, [key]: true }) })
  }
  return Object.assign(register, chain) as unknown as CapacityAPI
}

function define(
  mode: Mode,
  name: string,
  input: readonly unknown[],
  caller: (...input: never[]) => unknown,
): CapacityHandle {
  const [options, body] = input
  const record: ScenarioRecord = { name, declarations: [], expectations: [], sealed: false }
  if (mode.todo === true) {
    registerTodo(name)
    return createHandle(record) as CapacityHandle
  }
  const site = new Error(name)
  Error.captureStackTrace(site, caller)
  const host = currentThreadHost()
  const environment = host === undefined ? noEnvironment : environmentOf(host)
  const profile = host?.options.profile
  const search = resolveSearch(name, options, body, () => resolveCapacityOptions(name, options, environment, profile))
  declarePercentiles(record, search, site)
  record.unit = search.plan.unit
  const common = { name, options, body, record, site } as unknown as ScenarioDefinition
  if (environment.load !== undefined || profile?.load !== undefined) {
    const written = { name, options: scenarioPartOf(options), body, problems: [] }
    registerScenario(mode, { ...common, resolved: resolveArguments(written, environment, profile) })
  } else registerScenario(mode, { ...common, resolved: search.scenario, capacity: search })
  return createHandle(record, search.scenario.steps) as CapacityHandle
}

function resolveSearch(
  name: string,
  options: unknown,
  body: unknown,
  resolve: () => ResolvedCapacity,
): ResolvedCapacity {
  const problems: string[] = []
  if (typeof options !== 'object' || options === null)
    problems.push(`options: expected { from, to, hold }; received ${showReceived(options)}`)
  if (typeof body !== 'function') problems.push(`body: expected a function; received ${showReceived(body)}`)
  if (problems.length === 0) return resolve()
  throw new LoadError(
    'ERR_LOAD_OPTIONS',
    `Capacity ${showValue(name)}: ${problems.join('. ')}. Write capacity(name, options, body).`,
  )
}

/** The objectives of the options are as if they were declared where the search is. */
function declarePercentiles(record: ScenarioRecord, { percentiles }: ResolvedCapacity, site: Error): void {
  const target = { kind: 'scenario' } as const
  for (const { percentile, limitUs } of percentiles) {
    const aggregate: SloAggregate = { kind: 'percentile', percentile, of: 'response' }
    const condition = { kind: 'below', limit: limitUs } as const
    const id = sloId(record.name, target, aggregate)
    record.declarations.push({
      slo: { id, scenario: record.name, target, aggregate, condition, implicit: false },
      site,
    })
  }
}

/**
 * Declares what the capacity is expected to be.
 *
 * @throws {LoadError} `ERR_LOAD_COLLECTION` when declared after collection; `ERR_LOAD_OPTIONS` for a bad limit.
 * @example
 * ```ts
 * expectCapacity(browsing).toBeAbove('400/s')
 * ```
 */
export function expectCapacity<Unit extends 'rate' | 'vus'>(target: CapacityHandle<never, Unit>): CapacityBounds<Unit> {
  const { scenario } = subjectOf(target, 'expectCapacity()')
  const { expectations, unit = 'rate' } = scenario
  if (expectations === undefined)
    throw new LoadError('ERR_LOAD_OPTIONS', 'expectCapacity() got a scenario. Pass what capacity() returned.')
  const toBeAbove = (written: unknown, ...more: unknown[]): void => {
    if (more.length > 0)
      throw new LoadError(
        'ERR_LOAD_OPTIONS',
        `toBeAbove(limit) takes nothing more, received ${showValue(more[0])}. Remove it.`,
      )
    const limit = parseLimit(unit, written)
    refuseLate(scenario, limit, unit)
    const site = new Error(`capacity above ${formatLevel(unit, limit)}`)
    Error.captureStackTrace(site, toBeAbove)
    expectations.push({ limit, site })
  }
  return { toBeAbove }
}

function parseLimit(unit: 'rate' | 'vus', written: unknown): number {
  const refuse = (why: string): never => {
    throw new LoadError('ERR_LOAD_OPTIONS', `The limit of a capacity is wrong. ${why}`)
  }
  if (unit === 'vus') {
    if (typeof written === 'number' && Number.isInteger(written) && written > 0) return written
    return refuse(`Not a number of virtual users: ${showValue(written)}. Write a whole number above 0.`)
  }
  try {
    return parseRate(written as string | number)
  } catch (error) {
    return refuse(messageOf(error))
  }
}

function refuseLate({ name, sealed, expectations = [] }: ScenarioRecord, limit: number, unit: 'rate' | 'vus'): void {
  const title = `capacity above ${formatLevel(unit, limit)}`
  if (sealed)
    throw new LoadError(
      'ERR_LOAD_COLLECTION',
      `The expectation '${title}' of '${name}' was declared too late: its test cases exist already. Declare it at the top level of the file or in the describe() that holds the search.`,
    )
  if (expectations.some((known) => known.limit === limit))
    throw new LoadError('ERR_LOAD_COLLECTION', `The expectation '${title}' of '${name}' was declared twice. Keep one.`)
}
