import { describeLabels, readLabels, type RequestLabelFilter } from '../options/label-options.ts'
import type { Slo, SloTarget } from '../slo/model.ts'
import { LoadError } from '../shared/errors.ts'
import { cleanText, nearestName, showValue } from '../shared/text.ts'

/** An objective with the place in the user's file where it stands, for the error of its test case. */
export interface SloDeclaration {
  readonly slo: Slo
  readonly site: Error
}

/** What objectives are declared on: a scenario, or one of its steps or requests. */
export interface SloSubject {
  readonly scenario: ScenarioRecord
  readonly target: SloTarget
}

/** The inside of a scenario handle: what was declared on it so far. */
export interface ScenarioRecord {
  readonly name: string
  readonly declarations: SloDeclaration[]
  /** Set in a capacity search: what it is expected to find, in its unit. */
  readonly expectations?: { readonly limit: number; readonly site: Error }[]
  /** Of a capacity search. */
  unit?: 'rate' | 'vus'
  /** Set once the scenario's test cases exist; objectives declared later would never be judged. */
  sealed: boolean
}

const subjectKey: unique symbol = Symbol('vitest-load.subject')

/** Something to declare objectives on: a step or a request of a scenario. */
export interface SloTargetHandle {
  readonly [subjectKey]: SloSubject
}

/** Something whose requests objectives can be declared on by their labels. */
export interface LabelledHandle extends SloTargetHandle {
  /**
   * Of the requests of a scenario, a step or a name those that have certain labels.
   *
   * @throws {LoadError} `ERR_LOAD_OPTIONS` for labels that there are not, with all problems.
   * @example
   * ```ts
   * expectLatency(shopping.where({ tags: { tenant: 'gold' } })).p(95).toBeBelow('200ms')
   * expectErrorRate(shopping.request('POST /orders').where({ status: '5xx' })).toBeBelow('0.1%')
   * ```
   */
  where(labels: RequestLabelFilter): SloTargetHandle
}

/** What `scenario()` returns: the thing to declare objectives on. */
export interface ScenarioHandle<Step extends string = string> extends LabelledHandle {
  /** A step by its name; a nested one by its path, `'checkout > pay'`. */
  step(name: Step): LabelledHandle
  /** A request by its name: `'GET /products/:id'`, or what its `name` option says. */
  request(name: string): LabelledHandle
}

/** Makes the handle of a scenario. With `steps`, no other step is taken. */
export function createHandle<Step extends string>(
  scenario: ScenarioRecord,
  steps?: readonly string[],
): ScenarioHandle<Step> {
  return {
    ...createLabelledHandle(scenario, { kind: 'scenario' }),
    step: (name) => {
      if (steps !== undefined) refuseUnlisted(scenario.name, name, steps)
      return createLabelledHandle(scenario, { kind: 'step', name })
    },
    request: (name) => createLabelledHandle(scenario, { kind: 'request', name }),
  }
}

function createLabelledHandle(
  scenario: ScenarioRecord,
  target: Exclude<SloTarget, { kind: 'labelled' }>,
): LabelledHandle {
  return {
    [subjectKey]: { scenario, target },
    where: (labels) => {
      const where = readLabels(labels)
      const subject =
        target.kind === 'request' ? target.name : target.kind === 'step' ? `${target.name} requests` : 'requests'
      const name = `${subject} ${describeLabels(where)}`
      const request = target.kind === 'request' ? target.name : undefined
      const step = target.kind === 'step' ? target.name : undefined
      return { [subjectKey]: { scenario, target: { kind: 'labelled', name, key: name, request, step, where } } }
    },
  }
}

const separator = ' > '
const longestList = 400

/** As the types have it, a path begins and ends with listed names: in between may be steps that a helper brings along. */
function refuseUnlisted(scenario: string, path: unknown, steps: readonly string[]): void {
  // What is no text is refused with whatever is declared on it.
  if (typeof path !== 'string') return
  const begins = steps.some((name) => path === name || path.startsWith(`${name}${separator}`))
  const ends = steps.some((name) => path === name || path.endsWith(`${separator}${name}`))
  if (begins && ends) return
  const nearest = nearestPath(path, steps)
  const known = steps.length === 0 ? 'none' : cleanText(steps.map((name) => `'${name}'`).join(', '), longestList)
  const advice = nearest === undefined ? `Listed: ${known}. Add it there.` : `Did you mean '${nearest}'?`
  throw new LoadError(
    'ERR_LOAD_OPTIONS',
    `.step(${showValue(path)}) of scenario '${scenario}': no such step in its option 'steps'. ${advice}`,
  )
}

function nearestPath(path: string, steps: readonly string[]): string | undefined {
  const parts = path.split(separator)
  const isEnd = (index: number): boolean => index === 0 || index === parts.length - 1
  const nearest = parts.map((part, index) => nearestName(part, steps) ?? (isEnd(index) ? undefined : part))
  return nearest.includes(undefined) ? nearestName(path, steps) : nearest.join(separator)
}

/** The inside of a handle. */
export function subjectOf(handle: SloTargetHandle, caller: string): SloSubject {
  const subject = (handle as Partial<SloTargetHandle> | undefined)?.[subjectKey]
  if (subject !== undefined) return subject
  throw new LoadError(
    'ERR_LOAD_COLLECTION',
    `${caller} got something that is no scenario. Pass what scenario() returned, or its .step('name') or .request('GET /path').`,
  )
}
