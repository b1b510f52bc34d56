import { latencyLayout, phaseLayout } from './buckets.ts'
import { DeltaRecorder } from './delta-recorder.ts'

/**
 * What a series measures. `hook` holds the requests of set-up and tear-down, which no objective reads; `labelled` those
 * requests that an objective on labels reads, once more.
 */
export type SeriesKind = 'iteration' | 'step' | 'request' | 'hook' | 'labelled'

/**
 * How a piece of work ended. `timeout` is a failure and `aborted` was cut by us; of both, the true duration is at
 * least the recorded one, so that percentiles count them and no fast failure improves one.
 */
export const outcomes = { ok: 0, failed: 1, timeout: 2, aborted: 3 } as const

/** One of `outcomes`. */
export type Outcome = (typeof outcomes)[keyof typeof outcomes]

/** What identifies a series, on every thread alike. */
export interface SeriesDefinition {
  readonly id: number
  readonly kind: SeriesKind
  readonly name: string
  /** Names of the phases that a request of this series has, in the order they are recorded. */
  readonly phases: readonly string[]
}

/** Position of a recorder within its series; phases follow from `firstPhasePart`. */
export const seriesParts = { ok: 0, failed: 1, timeout: 2, aborted: 3, service: 4 } as const

/** Number of the first phase's part. */
export const firstPhasePart = 5

/** Follows the work of a series over time. */
export interface SeriesFollower {
  /** Takes work that has ended, its durations in microseconds; a negative one did not take place. */
  note(outcome: Outcome, durationUs: number, serviceUs: number, startedAtMs: number, endedAtMs: number): void
}

/** One thread's measurements of one step, request name or iteration, kept apart by outcome. */
export class Series {
  readonly definition: SeriesDefinition
  /** Recorders by part, made on first use. */
  readonly parts: (DeltaRecorder | undefined)[]
  /** Who follows it over time: objectives with a window, or that may end the load. */
  readonly followers: readonly SeriesFollower[] | undefined

  constructor(definition: SeriesDefinition, followers?: readonly SeriesFollower[]) {
    this.definition = definition
    this.followers = followers
    this.parts = Array.from({ length: firstPhasePart + definition.phases.length }, () => undefined)
  }

  /** Records a duration in microseconds under its outcome. */
  record(outcome: Outcome, durationUs: number): void {
    const recorder = (this.parts[outcome] ??= new DeltaRecorder(latencyLayout))
    recorder.record(durationUs)
  }

  /** Tells who follows the series of work that has been recorded. Times on the clock of `performance.now()`. */
  tell(outcome: Outcome, durationUs: number, serviceUs: number, startedAtMs: number, endedAtMs: number): void {
    if (this.followers === undefined) return
    for (const follower of this.followers) follower.note(outcome, durationUs, serviceUs, startedAtMs, endedAtMs)
  }

  /** Records the time a request spent sending, waiting and receiving: k6's `http_req_duration`. */
  recordService(serviceUs: number): void {
    const recorder = (this.parts[seriesParts.service] ??= new DeltaRecorder(latencyLayout))
    recorder.record(serviceUs)
  }

  /** Records the phases of a request, in the order of the definition; negative ones did not take place. */
  recordPhases(phasesUs: Float64Array): void {
    for (let phase = 0; phase < this.definition.phases.length; phase++) {
      const duration = phasesUs[phase] ?? -1
      if (duration < 0) continue
      const recorder = (this.parts[firstPhasePart + phase] ??= new DeltaRecorder(phaseLayout))
      recorder.record(duration)
    }
  }
}
