import { formatDuration, formatMicroseconds } from '../shared/durations.ts'
import { formatRatio } from '../shared/rates.ts'

/** What an objective is about. */
export type SloTarget =
  | { readonly kind: 'scenario' }
  | { readonly kind: 'step'; readonly name: string }
  | { readonly kind: 'request'; readonly name: string }
  | LabelledTarget

/** The requests of a scenario, of one of its steps or of one name, that have certain labels. */
export interface LabelledTarget {
  readonly kind: 'labelled'
  /** How it is called: `GET /products [tenant=gold]`. */
  readonly name: string
  /** Under which it is measured. An error rate by status is a part of all requests, not of those with the status. */
  readonly key: string
  readonly request: string | undefined
  /** Path of a step, which the requests are made in. */
  readonly step: string | undefined
  readonly where: SloLabels
}

/** Labels that requests must have. */
export interface SloLabels {
  readonly method?: string
  /** A class such as `5xx`, or one status such as `404`. */
  readonly status?: string
  /** Category of the failure. */
  readonly error?: string
  readonly tags?: Readonly<Record<string, string>>
}

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

/** Has the figure judged in every so much time instead of over the whole run. */
export interface SloWindow {
  readonly windowMs: number
  /** In which part of the windows the condition must be met, above 0 and up to 1. */
  readonly share: number
}

/** Ends the load early when the condition was broken in every second for so long. */
export interface SloAbort {
  readonly brokenForMs: number
  /** How many samples these seconds must hold together. */
  readonly minSamples: number
}

/** What a figure must not exceed; `undefined` where it may be as high as it likes. */
export function upperLimit(condition: SloCondition): number | undefined {
  if (condition.kind === 'above') return undefined
  return condition.kind === 'below' ? condition.limit : condition.high
}

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
  readonly window?: SloWindow
  readonly abort?: SloAbort
}

/** How an objective ended. `skipped`: it could not be judged, for the reason in `message`. */
export interface SloOutcome {
  readonly slo: Slo
  readonly status: 'pass' | 'fail' | 'skipped'
  /**
   * The measured figure in the aggregate's unit; of an objective with a window, the part of the windows that met it, from 0
   * to 1. `undefined` when nothing was measured.
   */
  readonly actual: number | undefined
  /** How many samples the figure rests on; of an objective with a window, how many windows were judged. */
  readonly samples: number
  /** One sentence: the figure, how far from the limit, and over how many samples. */
  readonly message: string
  /** The load was ended early because the objective was broken: it has failed, whatever the figure of the whole run. */
  readonly endedLoad?: true
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

/** The short name of an objective: `checkout p(95)`, `error rate`, `GET /products p(99) per 1s`. */
export function sloTitle(slo: Pick<Slo, 'target' | 'aggregate' | 'window'>): string {
  const subject = slo.target.kind === 'scenario' ? '' : `${slo.target.name} `
  return `${subject}${figureName(slo)}`
}

/** The name of the figure that is judged: `p(95)`, `error rate per 10s`. */
export function figureName({ aggregate, window }: Pick<Slo, 'aggregate' | 'window'>): string {
  return `${aggregateName(aggregate)}${window === undefined ? '' : ` per ${formatDuration(window.windowMs)}`}`
}

/** The name of the figure: `p(95)`, `mean`, `error rate`. */
function aggregateName(aggregate: SloAggregate): string {
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

export function sloId(
  scenario: string,
  target: SloTarget,
  aggregate: SloAggregate,
  window?: Pick<SloWindow, 'windowMs'>,
): string {
  const subject = target.kind === 'scenario' ? 'scenario' : `${target.kind}:${target.name}`
  const per = window === undefined ? '' : `|per ${formatDuration(window.windowMs)}`
  return `${scenario}|${subject}|${aggregateName(aggregate)}${per}`
}

/** Under which name a target is measured; `undefined` for the scenario itself. */
export function seriesNameOf(target: SloTarget): string | undefined {
  if (target.kind === 'scenario') return undefined
  return target.kind === 'labelled' ? target.key : target.name
}

/** Whether a figure meets a condition. */
export function isMet({ condition }: Pick<Slo, 'condition'>, actual: number): boolean {
  if (condition.kind === 'between') return actual >= condition.low && actual <= condition.high
  return condition.kind === 'below' ? actual < condition.limit : actual > condition.limit
}

/** Writes a figure in its own unit: `412 ms`, `0.5 %`, `120/s`. */
export function formatFigure(aggregate: SloAggregate, value: number): string {
  if (aggregate.kind === 'errorRate' || aggregate.kind === 'checks') return formatRatio(value)
  if (aggregate.kind !== 'throughput') return formatMicroseconds(value)
  return `${Number(value.toFixed(value < 10 ? 2 : 1)).toLocaleString('en')}/s`
}

/** Writes how far a part of windows is from the one wanted: `1.8 points under`. */
export function formatPoints(actual: number, wanted: number): string {
  if (actual === wanted) return wanted === 1 ? 'in all' : 'at the limit'
  const points = Math.abs(actual - wanted) * 100
  const told = Number(points.toFixed(points < 1 ? 2 : 1))
  return `${told} point${told === 1 ? '' : 's'} ${actual > wanted ? 'over' : 'under'}`
}

/** Writes what an objective asks for: `< 300 ms`, `100 ms to 400 ms`, `< 300 ms in 99 %`. */
export function formatCondition({
  aggregate,
  condition,
  window,
}: Pick<Slo, 'aggregate' | 'condition' | 'window'>): string {
  const part = window === undefined ? '' : ` in ${formatRatio(window.share)}`
  if (condition.kind === 'between')
    return `${formatFigure(aggregate, condition.low)} to ${formatFigure(aggregate, condition.high)}${part}`
  return `${condition.kind === 'below' ? '<' : '>'} ${formatFigure(aggregate, condition.limit)}${part}`
}
