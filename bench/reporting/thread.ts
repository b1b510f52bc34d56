import { httpPhases } from '../../src/http/phases.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import { outcomes, type Series } from '../../src/metrics/series.ts'
import type { MetricsSnapshot } from '../../src/metrics/snapshot.ts'
import { SeededRandom } from '../../src/shared/random.ts'

const steps = 49
const requests = 50
const medianUs = 20_000
const spread = 0.6
/** Parts of a request's time, in the order of `httpPhases`; negative ones do not take place on a kept connection. */
const phaseShares = [0.01, -1, -1, -1, 0.02, 0.9, 0.07]

/** What a thread of a load measures, without the load: 100 series – an iteration, its steps and its requests. */
export class MeasuringThread {
  readonly #metrics: MetricsRegistry = new MetricsRegistry()
  readonly #random: SeededRandom
  readonly #iterations: Series
  readonly #steps: Series[]
  readonly #requests: Series[]
  readonly #phasesUs: Float64Array = new Float64Array(httpPhases.length)

  constructor(seed: number) {
    this.#random = new SeededRandom(seed)
    this.#iterations = this.#metrics.series('iteration', 'shopping')
    this.#steps = Array.from({ length: steps }, (_, index) => this.#metrics.series('step', `step ${index}`))
    this.#requests = Array.from({ length: requests }, (_, index) =>
      this.#metrics.series('request', `GET /resource-${index}/:id`, httpPhases),
    )
  }

  /** A second of load. */
  measure(requestsPerSecond: number): void {
    for (let number = 0; number < requestsPerSecond; number++) {
      const durationUs = this.#latencyUs()
      const request = this.#requests[number % requests]
      for (const [phase, share] of phaseShares.entries()) this.#phasesUs[phase] = Math.round(share * durationUs)
      request?.record(outcomes.ok, durationUs)
      request?.recordService(durationUs)
      request?.recordPhases(this.#phasesUs)
      this.#steps[number % steps]?.record(outcomes.ok, durationUs)
      this.#metrics.counters.requestsStarted += 1
      if (number % requests > 0) continue
      this.#iterations.record(outcomes.ok, durationUs * requests)
      this.#metrics.counters.iterationsStarted += 1
      this.#metrics.counters.iterationsOk += 1
    }
  }

  snapshot(): MetricsSnapshot {
    return this.#metrics.snapshot()
  }

  /** Log-normal, as latencies are (Box and Muller's normal distribution). */
  #latencyUs(): number {
    const [radius, angle] = [Math.sqrt(-2 * Math.log(1 - this.#random.next())), 2 * Math.PI * this.#random.next()]
    return Math.round(medianUs * Math.exp(spread * radius * Math.cos(angle)))
  }
}
