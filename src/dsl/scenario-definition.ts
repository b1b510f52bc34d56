import { mixSeed } from '../shared/random.ts'
import type { ResolvedScenarioOptions } from '../options/scenario-options.ts'
import { createRootFrame, createScope, frames } from '../session/current.ts'
import type { Session } from '../session/session.ts'
import { http } from '../http/http.ts'
import { check } from './check.ts'
import type { ScenarioRecord } from './handle.ts'
import type { IterationKey } from '../engine/virtual-user.ts'
import { pickedRowsSlot } from './run-context.ts'
import type { BodyContext, Feeders, ScenarioBody, ScenarioOptions } from './scenario-types.ts'
import { step } from './step.ts'
import { think } from './think.ts'
import { vu } from './vu.ts'

type AnyOptions = ScenarioOptions
type AnyBody = ScenarioBody

/** A scenario as it was written, with its options resolved: what both ways of running it start from. */
export interface ScenarioDefinition {
  readonly name: string
  readonly options: AnyOptions
  readonly resolved: ResolvedScenarioOptions
  readonly body: AnyBody
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
}

/** Runs the body once, within the current frame, with its data rows. */
export function callBody(
  definition: ScenarioDefinition,
  session: Session,
  key: IterationKey,
  environment: BodyEnvironment,
): unknown {
  const { prepared, state } = environment
  const data = pickRows(definition.options.data, session, key, environment)
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
  return definition.body(context)
}

/** Runs a hook of a virtual user in a frame of its own, whose requests are reported apart. */
export async function callHook(session: Session, hook: () => unknown): Promise<unknown> {
  const scope = createScope(true)
  const value: unknown = await frames.run(createRootFrame(session, scope), async () => hook())
  return value
}

const noRows = Object.freeze({})

function pickRows(
  feeders: Feeders | undefined,
  session: Session,
  key: IterationKey,
  environment: BodyEnvironment,
): Record<string, unknown> {
  if (feeders === undefined) return noRows
  const data: Record<string, unknown> = {}
  const picked: Record<string, number> = {}
  for (const [name, feeder] of Object.entries(feeders)) {
    const index = feeder.rowIndex({
      ...key,
      // By name, so that two feeders of one length are not picked from in step.
      seed: mixSeed(key.seed, name),
      runSeed: mixSeed(environment.runSeed, name),
      vus: environment.vus,
    })
    picked[name] = index
    data[name] = feeder.row(index)
  }
  session.set(pickedRowsSlot, picked)
  return data
}
