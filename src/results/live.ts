import type { LoadProfile } from '../shared/load-profile.ts'
import type { CapacityLevel, CapacityUnit } from './capacity-result.ts'
import type { ReplayLine } from './replay-line.ts'
import type { RunResult } from './run-result.ts'

/** What a reporter sees while a scenario runs, about once a second. */
export interface LiveProgress {
  readonly runId: string
  readonly project: string
  readonly scenario: string
  /** `50 VUs for 30s`. */
  readonly load: string
  readonly elapsedMs: number
  /** Planned length without graceful stop, in milliseconds; `undefined` when iterations decide. */
  readonly durationMs: number | undefined
  /** Planned number of iterations; `undefined` when time decides. */
  readonly plannedIterations: number | undefined
  readonly activeVUs: number
  readonly iterations: number
  /** Planned iterations that were not started. */
  readonly dropped: number
  /** Over the last second. */
  readonly requestsPerSecond: number
  /** Of all requests so far, 0 to 1. */
  readonly errorRatio: number
  /** Of the requests of the last second, in microseconds. */
  readonly p95: number
}

/** A scenario whose load starts now, or as soon as its `startTime` has come. */
export interface StartedRun {
  readonly runId: string
  readonly project: string
  readonly scenario: string
  /** `0 to 100 VUs in 3 stages over 8m`. */
  readonly load: string
  readonly profile: LoadProfile
  /** Whether it waits for its `startTime` first, and nothing will be heard of it meanwhile. */
  readonly waits: boolean
}

/** What became of the file of a full result: its path below the root, or a sentence on why there is none. */
export type WrittenResult =
  | { readonly resultFile: string; readonly writeFailure?: undefined }
  | { readonly resultFile: undefined; readonly writeFailure: string }

/** What the pool tells reporters. */
export type LiveEvent =
  | ({ readonly type: 'started' } & StartedRun)
  | { readonly type: 'progress'; readonly progress: LiveProgress }
  /** A level of a capacity search has ended. */
  | {
      readonly type: 'level'
      readonly run: Pick<RunResult, 'runId' | 'project' | 'scenario'>
      readonly unit: CapacityUnit
      readonly level: CapacityLevel
    }
  | ({ readonly type: 'result'; readonly result: RunResult } & WrittenResult)
  | { readonly type: 'not-asked'; readonly project: string }
  /** One iteration is to be run again in place of all loads. */
  | { readonly type: 'replay-asked'; readonly id: string }
  /** What it does; the first lines tell that it runs. */
  | { readonly type: 'replay'; readonly lines: readonly ReplayLine[] }

type LiveListener = (event: LiveEvent) => void

/**
 * Pool and reporter run in the same process but may have been loaded twice (Vite evaluates a config file more than
 * once), so that they meet on `globalThis`, by the Vitest instance they belong to.
 */
const hubKey = Symbol.for('vitest-load.live')
const registry = globalThis as { [hubKey]?: WeakMap<object, Set<LiveListener>> }

function listenersOf(owner: object): Set<LiveListener> {
  const hub = (registry[hubKey] ??= new WeakMap())
  const known = hub.get(owner)
  if (known !== undefined) return known
  const created = new Set<LiveListener>()
  hub.set(owner, created)
  return created
}

/** Calls `listener` for every event of the Vitest instance `owner`. Returns a function that stops it. */
export function subscribeLive(owner: object, listener: LiveListener): () => void {
  const listeners = listenersOf(owner)
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Tells every reporter of the Vitest instance `owner`. */
export function publishLive(owner: object, event: LiveEvent): void {
  for (const listener of listenersOf(owner)) listener(event)
}
