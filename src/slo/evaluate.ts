import { isWithinStep } from '../metrics/bounds.ts'
import { labelsOf } from '../metrics/label-watch.ts'
import type { LatencyHistogram } from '../metrics/histogram.ts'
import type { RunTotals, SeriesTotals } from '../results/run-totals.ts'
import { nearestName } from '../shared/text.ts'
import {
  formatCondition,
  formatFigure,
  isMet,
  seriesNameOf,
  sloTitle,
  type LabelledTarget,
  type Slo,
  type SloAggregate,
  type SloOutcome,
} from './model.ts'

/** A figure and how many samples it rests on; no figure when there were none. */
interface Measured {
  readonly actual: number | undefined
  readonly samples: number
  /** What to tell when there is no figure. */
  readonly missing: string
}

const maxShownNames = 10

/** Judges one objective on the merged measurements of a run. `durationMs` is what rates are over. */
export function evaluateSlo(slo: Slo, totals: RunTotals, durationMs: number): SloOutcome {
  const measured = measure(slo, totals, durationMs)
  const { actual, samples } = measured
  if (actual === undefined) {
    const status = slo.implicit ? 'skipped' : 'fail'
    return {
      slo,
      status,
      actual,
      samples,
      message: `${sloTitle(slo)} could not be judged: ${measured.missing}`,
      warning: undefined,
    }
  }
  const status = isMet(slo, actual) ? 'pass' : 'fail'
  return {
    slo,
    status,
    actual,
    samples,
    message: describe(slo, actual, samples),
    warning: tooFewSamples(slo.aggregate, samples),
  }
}

function measure(slo: Slo, totals: RunTotals, durationMs: number): Measured {
  if (slo.aggregate.kind === 'checks') return measureChecks(slo, totals)
  if (slo.target.kind === 'scenario' && slo.aggregate.kind === 'errorRate') {
    const { iterationsFailed, iterationsStarted } = totals.counters
    const actual = iterationsStarted === 0 ? undefined : iterationsFailed / iterationsStarted
    return { actual, samples: iterationsStarted, missing: 'no iteration was started.' }
  }
  const series =
    slo.target.kind === 'scenario'
      ? totals.series('iteration')[0]
      : totals.find(slo.target.kind, seriesNameOf(slo.target) ?? '')
  if (series === undefined || series.count === 0)
    return { actual: undefined, samples: 0, missing: describeUnknown(slo, totals) }
  return measureSeries(slo.aggregate, series, durationMs)
}

function measureSeries(
  aggregate: Exclude<SloAggregate, { kind: 'checks' }>,
  series: SeriesTotals,
  durationMs: number,
): Measured {
  const missing = `all ${series.count} attempts failed, and failures do not count as latency.`
  if (aggregate.kind === 'errorRate') return { actual: series.failed / series.count, samples: series.count, missing }
  if (aggregate.kind === 'throughput')
    return { actual: series.ok / (Math.max(durationMs, 1) / 1000), samples: series.ok, missing }
  const histogram = aggregate.of === 'service' ? series.service : series.latency
  if (histogram === undefined || histogram.count === 0) return { actual: undefined, samples: 0, missing }
  return { actual: latencyFigure(aggregate, histogram), samples: histogram.count, missing }
}

function latencyFigure(aggregate: Extract<SloAggregate, { of: unknown }>, histogram: LatencyHistogram): number {
  if (aggregate.kind === 'percentile') return histogram.percentile(aggregate.percentile)
  return aggregate.kind === 'mean' ? histogram.mean : histogram.max
}

function measureChecks(slo: Slo, totals: RunTotals): Measured {
  let passed = 0
  let all = 0
  for (const check of totals.checks.values()) {
    if (slo.target.kind === 'step' && !isWithinStep(check.step, slo.target.name)) continue
    passed += check.passed
    all += check.passed + check.failed
  }
  if (all > 0) return { actual: passed / all, samples: all, missing: '' }
  const isKnown = slo.target.kind === 'scenario' || totals.find(slo.target.kind, slo.target.name) !== undefined
  return { actual: undefined, samples: 0, missing: isKnown ? 'no check was made.' : describeUnknown(slo, totals) }
}

/** Which step or request there is not; where there are both, which values of the labels there were instead. */
function describeUnmet({ request, step, where }: LabelledTarget, totals: RunTotals): string {
  if (step !== undefined && totals.find('step', step) === undefined) return describeUnnamed('step', step, totals)
  if (request !== undefined && totals.find('request', request) === undefined)
    return describeUnnamed('request', request, totals)
  const known = labelsOf({ where }).map((label) => {
    const values = [...(totals.seenLabels.get(label) ?? [])]
    const shown = values.slice(0, maxShownNames).map((value) => `'${value}'`)
    const more = values.length > shown.length ? ' and others' : ''
    return `${label} was ${values.length === 0 ? 'never set' : `${shown.join(', ')}${more}`}`
  })
  const within = step === undefined ? '' : ` in step '${step}'`
  return `there was no request with these labels${within}; ${known.join('; ')}.`
}

function describeUnknown({ target }: Slo, totals: RunTotals): string {
  if (target.kind === 'scenario') return 'no iteration ended.'
  if (target.kind === 'labelled') return describeUnmet(target, totals)
  return describeUnnamed(target.kind, target.name, totals)
}

function describeUnnamed(kind: 'step' | 'request', name: string, totals: RunTotals): string {
  const known = totals.series(kind).map((series) => series.name)
  const shown = known.slice(0, maxShownNames).map((other) => `'${other}'`)
  const more = known.length > shown.length ? ` and ${known.length - shown.length} more` : ''
  const list = known.length === 0 ? 'there were none' : `known are ${shown.join(', ')}${more}`
  const nearest = nearestName(name, known)
  return `there was no ${kind} named '${name}'; ${list}.${nearest === undefined ? '' : ` Did you mean '${nearest}'?`}`
}

function describe(slo: Slo, actual: number, samples: number): string {
  const { condition, aggregate } = slo
  const figure = formatFigure(aggregate, actual)
  const noun =
    aggregate.kind === 'errorRate' && slo.target.kind === 'scenario'
      ? 'iteration'
      : aggregate.kind === 'checks'
        ? 'check'
        : 'sample'
  const count = `(${samples.toLocaleString('en')} ${noun}${samples === 1 ? '' : 's'})`
  const limit =
    condition.kind === 'between' ? (actual < condition.low ? condition.low : condition.high) : condition.limit
  if (isMet(slo, actual) && condition.kind === 'between')
    return `${sloTitle(slo)} was ${figure}, within ${formatCondition(slo)} ${count}`
  const distance = formatFigure(aggregate, Math.abs(actual - limit))
  const side = actual === limit ? 'exactly' : `${distance} ${actual > limit ? 'over' : 'under'}`
  return `${sloTitle(slo)} was ${figure}, ${side} the limit of ${formatFigure(aggregate, limit)} ${count}`
}

/** A percentile q needs some ten samples beyond it: 10 ÷ (1 − q). */
function tooFewSamples(aggregate: SloAggregate, samples: number): string | undefined {
  if (aggregate.kind !== 'percentile') return undefined
  // Rounded against what binary fractions add: 1000 / (100 − 99.9) is a little over 10,000.
  const needed = Math.ceil(1000 / (100 - Math.min(aggregate.percentile, 99.999)) - 0.001)
  return samples >= needed
    ? undefined
    : `rests on ${samples.toLocaleString('en')} ${samples === 1 ? 'sample' : 'samples'}; p(${aggregate.percentile}) wants ${needed.toLocaleString('en')} or more`
}
