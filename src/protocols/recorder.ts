import type { Exemplar, Failure } from '../metrics/error-table.ts'
import type { MetricsRegistry } from '../metrics/registry.ts'
import { outcomes, type Outcome, type Series } from '../metrics/series.ts'
import { countRequest, type Frame } from '../session/current.ts'
import type { Observation, Recorder } from './contract.ts'

/** Where in the load a recorder stands in time. */
export interface RecorderClock {
  /** Milliseconds since the load began. */
  elapsedMs(): number
}

const cutFailure: Failure = { category: 'aborted', message: 'cut because time was over' }

/** The recorder that puts what protocols observe into a registry. */
class RegistryRecorder implements Recorder {
  readonly #registry: MetricsRegistry
  readonly #clock: RecorderClock
  readonly #describe: (frame: Frame) => Exemplar

  constructor(registry: MetricsRegistry, clock: RecorderClock, describe: (frame: Frame) => Exemplar) {
    this.#registry = registry
    this.#clock = clock
    this.#describe = describe
  }

  series(frame: Frame, name: string, phases: readonly string[]): Series {
    return this.#registry.series(frame.scope.hook ? 'hook' : 'request', name, phases)
  }

  started(frame: Frame): void {
    this.#registry.counters.requestsStarted += 1
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
    countRequest(frame, -1)
  }

  bytes(sent: number, received: number): void {
    const { counters } = this.#registry
    counters.bytesSent += sent
    counters.bytesReceived += received
  }

  connectionOpened(): void {
    this.#registry.counters.connectionsOpened += 1
  }

  connectionReused(): void {
    this.#registry.counters.connectionsReused += 1
  }

  connectionClosed(): void {
    this.#registry.counters.connectionsClosed += 1
  }

  cookiesRejected(count: number): void {
    this.#registry.counters.cookiesRejected += count
  }

  #fail(frame: Frame, observation: Observation, outcome: Outcome): void {
    const { excerpt, series } = observation
    const failure = outcome === outcomes.aborted || observation.failure === undefined ? cutFailure : observation.failure
    for (let at: Frame | undefined = frame; at !== undefined; at = at.parent) {
      at.failedRequests += 1
      if (outcome === outcomes.timeout) at.timedOut = true
    }
    const place = { step: frame.path, request: series.definition.name }
    this.#registry.errors.add(failure, place, this.#clock.elapsedMs(), () => {
      const exemplar = this.#describe(frame)
      return excerpt === undefined ? exemplar : { ...exemplar, response: excerpt() }
    })
  }
}

/**
 * Makes a session's recorder.
 *
 * @param describe - Says which iteration a frame belongs to, for the first failure of a kind.
 */
export function createRecorder(
  registry: MetricsRegistry,
  clock: RecorderClock,
  describe: (frame: Frame) => Exemplar,
): Recorder {
  return new RegistryRecorder(registry, clock, describe)
}
