import type { Slo, SloTarget } from '../slo/model.ts'
import { LoadError } from '../shared/errors.ts'

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
  /** Set once the scenario's test cases exist; objectives declared later would never be judged. */
  sealed: boolean
}

const subjectKey: unique symbol = Symbol('vitest-load.subject')

/** Something to declare objectives on: a step or a request of a scenario. */
export interface SloTargetHandle {
  readonly [subjectKey]: SloSubject
}

/** What `scenario()` returns: the thing to declare objectives on. */
export interface ScenarioHandle<Step extends string = string> extends SloTargetHandle {
  /** A step by its name; a nested one by its path, `'checkout > pay'`. */
  step(name: Step): SloTargetHandle
  /** A request by its name: `'GET /products/:id'`, or what its `name` option says. */
  request(name: string): SloTargetHandle
}

/** Makes the handle of a scenario. */
export function createHandle<Step extends string>(scenario: ScenarioRecord): ScenarioHandle<Step> {
  return {
    [subjectKey]: { scenario, target: { kind: 'scenario' } },
    step: (name) => ({ [subjectKey]: { scenario, target: { kind: 'step', name } } }),
    request: (name) => ({ [subjectKey]: { scenario, target: { kind: 'request', name } } }),
  }
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
