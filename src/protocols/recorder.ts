import type { Exemplar, Failure } from '../metrics/error-table.ts'
import type { LabelWatch } from '../metrics/label-watch.ts'
import type { RunMetrics } from '../metrics/run-metrics.ts'
import { outcomes, type Outcome, type Series } from '../metrics/series.ts'
import { countRequest, type Frame } from '../session/current.ts'
import { now } from '../shared/now.ts'
import type { ConnectionRecorder, Observation, Recorder } from './contract.ts'

/** Where in the load a recorder stands in time. */
export interface RecorderClock {
  /** Milliseconds since the load began. */
  elapsedMs(): number
}

const cutFailure: Failure = { category: 'aborted', message: 'cut because time was over' }

/** The recorder that puts what protocols observe into the part of the run it belongs to. */
class RegistryRecorder implements Recorder {
  readonly #metrics: RunMetrics
  readonly #clock: RecorderClock
  readonly #describe: (frame: Frame) => Exemplar

  constructor(metrics: RunMetrics, clock: RecorderClock, describe: (frame: Frame) => Exemplar) {
    this.#metrics = metrics
    this.#clock = clock
    this.#describe = describe
  }

  series(frame: Frame, name: string, phases: readonly string[]): Series {
    return this.#metrics.of(frame.scope).series(frame.scope.hook ? 'hook' : 'request', name, phases)
  }

  started(frame: Frame): void {
    this.#metrics.of(frame.scope).counters.requestsStarted += 1
    countRequest(frame, 1)
  }

  record(frame: Frame, observation: Observation): void {
    const { scope } = frame
    const { series } = observation
    const outcome = scope.cut ? outcomes.aborted : observation.outcome
    series.record(outcome, observation.durationUs)
    // A failure tells nothing about the time a service takes, so that neither a fast nor a slow one alters it.
    if (outcome !== outcomes.failed) {
      if (observation.serviceUs >= 0) series.recordService(observation.serviceUs)
      series.recordPhases(observation.phasesUs)
    }
    if (outcome !== outcomes.ok) this.#fail(frame, observation, outcome)
    if (series.followers !== undefined) tellFollowers(observation, outcome)
    const { labels } = this.#metrics.of(scope)
    if (labels !== undefined && !scope.hook) this.#label(labels, frame, observation, outcome)
    countRequest(frame, -1)
  }

  retried({ scope }: Frame): void {
    this.#metrics.of(scope).counters.retries += 1
  }

  bytes(sent: number, received: number): void {
    const { counters } = this.#metrics.present
    counters.bytesSent += sent
    counters.bytesReceived += received
  }

  connections(origin: string): ConnectionRecorder {
    return this.#metrics.connections.of(origin)
  }

  cookiesRejected(count: number): void {
    this.#metrics.present.counters.cookiesRejected += count
  }

  #label(watch: LabelWatch, frame: Frame, observation: Observation, outcome: Outcome): void {
    const { series, labels, failure, durationUs, serviceUs } = observation
    if (labels === undefined) return
    const error = outcome === outcomes.aborted ? cutFailure.category : (failure?.category ?? '')
    const { name } = series.definition
    watch.note({ name, step: frame.path, labels, outcome, error, durationUs, serviceUs, endedAtMs: now() })
  }

  #fail(frame: Frame, observation: Observation, outcome: Outcome): void {
    const { excerpt, series, traceId } = observation
    const failure = outcome === outcomes.aborted || observation.failure === undefined ? cutFailure : observation.failure
    for (let at = observation.isRetried === true ? undefined : frame; at !== undefined; at = at.parent) {
      at.failedRequests += 1
      if (outcome === outcomes.timeout) at.timedOut = true
    }
    const place = { step: frame.path, request: series.definition.name, hook: frame.scope.hook }
    this.#metrics.of(frame.scope).errors.add(failure, place, this.#clock.elapsedMs(), () => {
      const described = this.#describe(frame)
      const exemplar = traceId === undefined ? described : { ...described, traceId }
      return excerpt === undefined ? exemplar : { ...exemplar, ...excerpt() }
    })
  }
}

/** A request is recorded when it ends. */
function tellFollowers({ series, durationUs, serviceUs }: Observation, outcome: Outcome): void {
  const endedAtMs = now()
  series.tell(outcome, durationUs, serviceUs, endedAtMs - durationUs / 1000, endedAtMs)
}

/**
 * Makes a session's recorder.
 *
 * @param describe - Says which iteration a frame belongs to, for the first failure of a kind.
 */
export function createRecorder(
  metrics: RunMetrics,
  clock: RecorderClock,
  describe: (frame: Frame) => Exemplar,
): Recorder {
  return new RegistryRecorder(metrics, clock, describe)
}
