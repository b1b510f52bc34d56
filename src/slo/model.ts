import { formatMicroseconds } from '../shared/durations.ts'
import { formatRatio } from '../shared/rates.ts'

/** What an objective is about. */
export type SloTarget =
  | { readonly kind: 'scenario' }
  | { readonly kind: 'step'; readonly name: string }
  | { readonly kind: 'request'; readonly name: string }

/** Which figure of the target is judged. Latencies are in microseconds, ratios from 0 to 1, rates per second. */
export type SloAggregate =
  | { readonly kind: 'percentile'; readonly percentile: number; readonly of: 'response' | 'service' }
  | { readonly kind: 'mean'; readonly of: 'response' | 'service' }
  | { readonly kind: 'max'; readonly of: 'response' | 'service' }
  | { readonly kind: 'errorRate' }
  | { readonly kind: 'throughput' }
  | { readonly kind: 'checks' }

/** The bound on the figure; `below` and `above` are strict, `between` includes both ends. */
export type SloCondition =
  | { readonly kind: 'below'; readonly limit: number }
  | { readonly kind: 'above'; readonly limit: number }
  | { readonly kind: 'between'; readonly low: number; readonly high: number }

/** An objective as plain data: it crosses threads, merges, baselines and history. */
export interface Slo {
  /** Made of scenario, target and aggregate, not of the limit: a tightened objective is still the same one. */
  readonly id: string
  readonly scenario: string
  readonly target: SloTarget
  readonly aggregate: SloAggregate
  readonly condition: SloCondition
  /** Applies because the user declared none of its kind. */
  readonly implicit: boolean
}

/** How an objective ended. `skipped`: it could not be judged, for the reason in `message`. */
export interface SloOutcome {
  readonly slo: Slo
  readonly status: 'pass' | 'fail' | 'skipped'
  /** The measured figure in the aggregate's unit; `undefined` when nothing was measured. */
  readonly actual: number | undefined
  /** How many samples the figure rests on. */
  readonly samples: number
  /** One sentence: the figure, how far from the limit, and over how many samples. */
  readonly message: string
  /** Set when the figure rests on too few samples to be trusted. */
  readonly warning: string | undefined
}

/** What a bound on the load generator is: microseconds, what suits the tightest objective, or none. */
type GeneratorLimit = number | 'by-objectives' | false

/** Bounds on the load generator, beyond which a run is invalid. */
export interface ValidityLimits {
  /** Least part of the planned iterations that must have been started, 0 to 1. */
  readonly delivered: number | false
  readonly startLagUs: GeneratorLimit
  readonly eventLoopDelayUs: GeneratorLimit
}

/** The short name of an objective: `checkout p(95)`, `error rate`, `GET /products p(99)`. */
export function sloTitle(slo: Pick<Slo, 'target' | 'aggregate'>): string {
  const subject = slo.target.kind === 'scenario' ? '' : `${slo.target.name} `
  return `${subject}${aggregateName(slo.aggregate)}`
}

/** The name of the figure: `p(95)`, `mean`, `error rate`. */
export function aggregateName(aggregate: SloAggregate): string {
  const suffix = 'of' in aggregate && aggregate.of === 'service' ? ' of service time' : ''
  switch (aggregate.kind) {
    case 'percentile':
      return `${aggregate.percentile === 50 ? 'median' : `p(${aggregate.percentile})`}${suffix}`
    case 'mean':
    case 'max':
      return `${aggregate.kind}${suffix}`
    case 'errorRate':
      return 'error rate'
    case 'throughput':
      return 'throughput'
    case 'checks':
      return 'checks'
  }
}

export function sloId(scenario: string, target: SloTarget, aggregate: SloAggregate): string {
  const subject = target.kind === 'scenario' ? 'scenario' : `${target.kind}:${target.name}`
  return `${scenario}|${subject}|${aggregateName(aggregate)}`
}

/** Writes a figure in its own unit: `412 ms`, `0.5 %`, `120/s`. */
export function formatFigure(aggregate: SloAggregate, value: number): string {
  if (aggregate.kind === 'errorRate' || aggregate.kind === 'checks') return formatRatio(value)
  if (aggregate.kind !== 'throughput') return formatMicroseconds(value)
  return `${Number(value.toFixed(value < 10 ? 2 : 1)).toLocaleString('en')}/s`
}

/** Writes what an objective asks for: `< 300 ms`, `100 ms to 400 ms`. */
export function formatCondition({ aggregate, condition }: Pick<Slo, 'aggregate' | 'condition'>): string {
  if (condition.kind === 'between')
    return `${formatFigure(aggregate, condition.low)} to ${formatFigure(aggregate, condition.high)}`
  return `${condition.kind === 'below' ? '<' : '>'} ${formatFigure(aggregate, condition.limit)}`
}
