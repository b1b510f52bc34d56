/** A rate that changes linearly over a time; numbers per second. */
export interface RateStage {
  readonly durationMs: number
  readonly fromPerSecond: number
  readonly toPerSecond: number
}

/** A stage in which something arrives, and where it lies in its profile. */
interface Section {
  readonly startMs: number
  readonly durationMs: number
  readonly fromPerSecond: number
  /** How fast the rate grows, in arrivals per second and second. */
  readonly slope: number
  /** Arrivals before it. */
  readonly before: number
  /** Arrivals up to its end. */
  readonly through: number
}

/** What rounding may add to, or take from, a sum of products. */
const roundingRatio = 1e-12
/** Far less than an arrival, however many there are. */
const mostRounding = 1e-3

/**
 * How many arrivals an even plan has. They are numbered from 0; arrival k comes when the integral of the rate reaches k,
 * or, where the rate is zero then, when it becomes positive again. So a stage of constant rate has its first arrival at
 * its start and none at its end: 10 per second for a second are 10.
 */
export function arrivalsWithin(stages: readonly RateStage[]): number {
  return new RateProfile(stages).total
}

/** A piecewise linear rate, turned round: when arrival number k is due. */
export class RateProfile {
  /** How many arrivals an even plan has: numbers 0 to `total - 1`. */
  readonly total: number
  /** The integral of the rate: how many arrivals there are on average when they come at random. */
  readonly expected: number
  readonly #sections: readonly Section[]
  readonly #endMs: number
  /** Numbers that differ by less are the same. */
  readonly #rounding: number

  constructor(stages: readonly RateStage[]) {
    this.#sections = sectionsOf(stages)
    this.#endMs = stages.reduce((sum, { durationMs }) => sum + durationMs, 0)
    this.expected = this.#sections.at(-1)?.through ?? 0
    this.#rounding = Math.min(mostRounding, this.expected * roundingRatio)
    const nearest = Math.round(this.expected)
    this.total = Math.abs(this.expected - nearest) <= this.#rounding ? nearest : Math.ceil(this.expected)
  }

  /**
   * When arrival number `k` is due, in milliseconds from the start: before the end of the profile for each of `total`,
   * the end itself for what comes after them. `k` may lie between two numbers.
   */
  timeOf(k: number): number {
    const section = this.#sectionOf(k)
    if (section === undefined) return this.#endMs
    const offsetMs = Math.min(section.durationMs, millisecondsUntil(section, Math.max(0, k - section.before)))
    // Rounding must not put the last arrival at the end.
    return Math.min(section.startMs + offsetMs, this.#endMs * (1 - Number.EPSILON))
  }

  /** How many arrivals of an even plan are due before a time, in milliseconds from the start. */
  countBefore(ms: number): number {
    let low = 0
    let high = this.total
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2)
      if (this.timeOf(middle) < ms) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The first section at whose end more than `k` have arrived. */
  #sectionOf(k: number): Section | undefined {
    let low = 0
    let high = this.#sections.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#sections[middle]?.through ?? 0) - this.#rounding > k) high = middle
      else low = middle + 1
    }
    return this.#sections[low]
  }
}

function sectionsOf(stages: readonly RateStage[]): Section[] {
  const sections: Section[] = []
  let startMs = 0
  let before = 0
  for (const { durationMs, fromPerSecond, toPerSecond } of stages) {
    const through = before + ((fromPerSecond + toPerSecond) * durationMs) / 2000
    const slope = ((toPerSecond - fromPerSecond) * 1000) / durationMs
    if (through > before) sections.push({ startMs, durationMs, fromPerSecond, slope, before, through })
    startMs += durationMs
    before = through
  }
  return sections
}

/** The usual `(-r + √(r² + 2an)) / a` divides by almost nothing where the rate hardly changes. */
function millisecondsUntil({ fromPerSecond, slope }: Section, arrivals: number): number {
  const divisor = fromPerSecond + Math.sqrt(Math.max(0, fromPerSecond ** 2 + 2 * slope * arrivals))
  return divisor === 0 ? 0 : (2000 * arrivals) / divisor
}
