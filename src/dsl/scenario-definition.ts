import { causesOf } from '../engine/categorise.ts'
import { systemClock } from '../engine/clock.ts'
import { settle } from '../engine/settle.ts'
import { LoadError, messageOf } from '../shared/errors.ts'
import { mixSeed } from '../shared/random.ts'
import type { ResolvedCapacity } from '../options/capacity-options.ts'
import type { ResolvedScenarioOptions } from '../options/scenario-options.ts'
import { createRootFrame, createScope, frames, type IterationScope } from '../session/current.ts'
import type { Session } from '../session/session.ts'
import { hideSecrets } from '../shared/text.ts'
import { http } from '../http/http.ts'
import { isThenable } from './arguments.ts'
import { check } from './check.ts'
import type { ScenarioRecord } from './handle.ts'
import type { IterationKey } from '../engine/virtual-user.ts'
import { pickedRowsSlot } from './run-context.ts'
import { rowKey } from './row-supply.ts'
import type { BodyContext, Feeders, ScenarioBody, ScenarioOptions } from './scenario-types.ts'
import { step } from './step.ts'
import { think } from './think.ts'
import { vu } from './vu.ts'

/** How a capacity search goes through its levels. */
export type CapacityDefinition = Pick<ResolvedCapacity, 'plan' | 'restMs' | 'loadAt'>

/** A scenario as it was written, with its options resolved: what both ways of running it start from. */
export interface ScenarioDefinition {
  readonly name: string
  readonly options: ScenarioOptions
  readonly resolved: ResolvedScenarioOptions
  /** Set where the load is looked for. */
  readonly capacity?: CapacityDefinition
  readonly body: ScenarioBody
  readonly record: ScenarioRecord
  /** The place in the user's file where it stands. */
  readonly site: Error
}

/** What a virtual user's iterations have in common. */
export interface BodyEnvironment {
  readonly prepared: unknown
  readonly state: unknown
  readonly runSeed: number
  readonly vus: number
  /** The scenario's feeders as they were opened; without them, as they were written. */
  readonly feeders?: Feeders | undefined
}

/** Runs the body once, within the current frame, with its data rows. */
export function callBody(
  definition: ScenarioDefinition,
  session: Session,
  key: IterationKey,
  environment: BodyEnvironment,
): unknown {
  const feeders = environment.feeders ?? definition.options.data
  if (feeders === undefined) return callWith(noRows, definition, environment)
  const data = pickRows(feeders, session, key, environment)
  return data instanceof Promise
    ? data.then((rows) => callWith(rows, definition, environment))
    : callWith(data, definition, environment)
}

function callWith(data: Row, { body }: ScenarioDefinition, { prepared, state }: BodyEnvironment): unknown {
  const context: BodyContext = {
    data,
    prepared,
    state,
    vu,
    http,
    step,
    check,
    think,
  }
  return body(context)
}

/** Runs a hook in a frame of its own, whose requests are reported apart, and waits for those it did not await. */
export async function callHook(session: Session, hook: () => unknown): Promise<unknown> {
  const scope = createScope(true)
  try {
    const value: unknown = await frames.run(createRootFrame(session, scope), async () => hook())
    return value
  } catch (thrown) {
    hideSecretsIn(thrown, session)
    throw thrown
  } finally {
    await settleRequests(scope)
  }
}

/** In place: what a hook throws is told by Vitest as well, with its causes. */
function hideSecretsIn(thrown: unknown, session: Session): void {
  const secrets = [...session.secrets()]
  try {
    for (const error of causesOf(thrown)) {
      if (!(error instanceof Error)) continue
      replaceText(error, 'message', secrets)
      replaceText(error, 'stack', secrets)
    }
  } catch {
    // What cannot be read or written is left as the hook has thrown it.
  }
}

function replaceText(error: Error, field: 'message' | 'stack', secrets: readonly string[]): void {
  const text: unknown = error[field]
  if (typeof text !== 'string') return
  const hidden = hideSecrets(text, secrets)
  // The message of a DOMException cannot be assigned, but defined.
  if (hidden !== text) Object.defineProperty(error, field, { value: hidden, configurable: true, writable: true })
}

/** The seed of a virtual user's hook: another sequence for each, and none of an iteration's. */
export function hookSeed({ name }: ScenarioDefinition, runSeed: number, vuId: number, hook: string): number {
  return mixSeed(runSeed, name, vuId, hook)
}

/** Waits until no request is in flight. Each ends by its timeout at the latest. */
export async function settleRequests(scope: IterationScope): Promise<void> {
  await settle(scope, () => scope.inFlight > 0, systemClock)
}

/**
 * Clones what `before` returned, as it is cloned into every thread.
 *
 * @throws {LoadError} `ERR_LOAD_HOOK` when it cannot be.
 */
export function clonePrepared(name: string, prepared: unknown): unknown {
  try {
    return structuredClone(prepared)
  } catch (cause) {
    throw new LoadError(
      'ERR_LOAD_HOOK',
      `before() of '${name}' returned what cannot be sent to other threads: ${messageOf(cause)} Return plain data.`,
      { cause },
    )
  }
}

type Row = Record<string, unknown>

const noRows: Row = Object.freeze({})

/** A promise only where a feeder gives one: awaiting what is there would cost every iteration a turn. */
function pickRows(
  feeders: Feeders,
  session: Session,
  key: IterationKey,
  environment: BodyEnvironment,
): Row | Promise<Row> {
  const data: Row = {}
  const picked: Record<string, number> = {}
  // Before the first is picked: of a feeder without rows, the failure is told with those of this iteration.
  session.set(pickedRowsSlot, picked)
  let isPending = false
  for (const [name, feeder] of Object.entries(feeders)) {
    const own = rowKey(name, key, environment)
    const index = key.rows?.[name] ?? feeder.rowIndex(own)
    picked[name] = index
    const row = feeder.row(index, own)
    data[name] = row
    isPending ||= isThenable(row)
  }
  return isPending ? whenThere(data) : data
}

async function whenThere(data: Row): Promise<Row> {
  const rows = await Promise.all(Object.values(data))
  return Object.fromEntries(Object.keys(data).map((name, index) => [name, rows[index]]))
}
