import {
  formatLevel,
  type CapacityExpectation,
  type CapacityLevel,
  type CapacityResult,
  type CapacityUnit,
  type LevelOutcome,
} from '../results/capacity-result.ts'
import type { RunResult } from '../results/run-result.ts'
import { cleanText } from '../shared/text.ts'
import type { CapacityRange, SearchStep } from './capacity-search.ts'
import { formatCondition, formatFigure, sloTitle, upperLimit, type SloOutcome } from './model.ts'

const maxWhyLength = 400

type Ended = Extract<SearchStep, { kind: 'ended' }>

/** What expectations of a capacity need to know beside the search. */
export interface CapacityWishes {
  /** The capacity must be above each of them. */
  readonly above: readonly number[]
  /** What profile and `LOAD_SCALE` have multiplied the range by. */
  readonly scale: number
}

/** Makes a level of the run that tried it. `interruption` is why its figures are not those of the planned load. */
export function judgeLevel(level: number, result: RunResult, interruption: string | undefined): CapacityLevel {
  const { outcome, why } = classify(result, interruption)
  const { iterations, requests, series } = result
  const { p50 = 0, p95 = 0, p99 = 0 } = series.find(({ kind }) => kind === 'iteration')?.latency ?? {}
  return {
    level,
    outcome,
    // A search may have more than a hundred levels, and all of them travel with the summary.
    why: why && cleanText(why, maxWhyLength),
    started: iterations.started,
    failed: iterations.failed,
    dropped: iterations.dropped,
    iterationsPerSecond: iterations.perSecond,
    requestsPerSecond: requests.perSecond,
    errorRatio: iterations.started === 0 ? 0 : iterations.failed / iterations.started,
    p50,
    p95,
    p99,
  }
}

function classify(
  result: RunResult,
  interruption: string | undefined,
): { readonly outcome: LevelOutcome; readonly why: string | undefined } {
  const { verdict, slos, reasons } = result
  if (interruption !== undefined) return { outcome: 'interrupted', why: interruption }
  if (verdict === 'pass') return { outcome: 'met', why: undefined }
  if (verdict === 'invalid') {
    const breach = findSureBreach(result)
    if (breach !== undefined) return { outcome: 'broken', why: breach }
    return { outcome: 'invalid', why: reasons[0] }
  }
  const failed = slos.filter(({ status }) => status === 'fail')
  // A figure says more than the want of one. Without a breach no iteration was completed.
  const breach = failed.find(({ actual }) => actual !== undefined) ?? failed[0]
  return { outcome: 'broken', why: breach?.message ?? reasons[0] }
}

/**
 * An objective that was broken for certain, although the level was not delivered as planned: what is missing for want of
 * a free virtual user would have made it worse, and the generator's own lag does not account for the breach.
 */
function findSureBreach({ errors, series, slos }: RunResult): string | undefined {
  if (errors.some(({ category }) => category === 'generator')) return undefined
  const lag = series.find(({ kind }) => kind === 'iteration')?.phases['start_lag']
  // Without it, as where virtual users iterate one after another, nobody knows what part of a latency is ours.
  if (lag === undefined) return undefined
  const breached = slos.find((outcome) => isBreachedBeyond(outcome, lag.max))
  return breached === undefined ? undefined : describeBreach(breached)
}

function isBreachedBeyond({ slo, actual }: SloOutcome, lagUs: number): boolean {
  const { aggregate, condition } = slo
  // Of windows the part is known that met the limit, and not by how much the others did not.
  const limit = upperLimit(condition)
  if (actual === undefined || limit === undefined || slo.window !== undefined) return false
  if (aggregate.kind === 'errorRate') return actual >= limit && actual > 0
  return 'of' in aggregate && actual - lagUs > limit
}

function describeBreach({ slo, actual = 0 }: SloOutcome): string {
  const figure = formatFigure(slo.aggregate, actual)
  return `${sloTitle(slo)} was ${figure}, further from ${formatCondition(slo)} than the load generator was late`
}

const unknownReason = 'nobody told why'

/** What a search that has ended comes to. `interruption` is why it was ended between two levels. */
export function concludeSearch(
  range: CapacityRange,
  levels: readonly CapacityLevel[],
  { ended, highest, broken, confirmed }: Ended,
  { above, scale }: CapacityWishes,
  interruption?: string,
): CapacityResult {
  const { unit, from, to } = range
  const found = { unit, from, to, highest, broken, ended, confirmed, levels }
  return {
    ...found,
    summary: summarise(found, interruption ?? levels.at(-1)?.why ?? unknownReason),
    expectations: above.map((limit) => expectAbove(limit, found, scale)),
  }
}

type Found = Omit<CapacityResult, 'summary' | 'expectations'>

function summarise({ unit, from, highest, broken, ended, levels }: Found, why: string): string {
  const best = highest === undefined ? undefined : formatLevel(unit, highest)
  switch (ended) {
    case 'found': {
      const breach = levels.findLast(({ level, outcome }) => level === broken && outcome === 'broken')?.why ?? ''
      return `capacity ${best}; at ${formatLevel(unit, broken ?? 0)} ${breach}`
    }
    case 'reached-to':
      return `capacity at least ${best}, the highest load that was to be tried; no objective was broken`
    case 'below-from':
      return `capacity below ${formatLevel(unit, from)}, the lowest load that was to be tried: ${why}`
    case 'generator': {
      const known = best === undefined ? 'capacity unknown' : `capacity at least ${best}`
      const undelivered = formatLevel(unit, levels.at(-1)?.level ?? from)
      if (broken === undefined) return `${known}: ${undelivered} was not delivered: ${why}`
      return `${known} and below ${formatLevel(unit, broken)}: ${undelivered}, between the two, could not be judged: ${why}`
    }
    case 'interrupted':
      return `${best === undefined ? 'capacity unknown' : `capacity at least ${best}`}, since the search was ended early: ${why}`
  }
}

/** Strict, as every bound: what was not shown is not taken for granted. */
function expectAbove(limit: number, found: Found, scale: number): CapacityExpectation {
  const { unit, highest, broken, ended, to } = found
  const wanted = formatLevel(unit, limit)
  if (highest !== undefined && highest > limit)
    return { limit, status: 'pass', message: `capacity was ${describeBound(found)}, over the limit of ${wanted}` }
  if (ended === 'reached-to' && scale !== 1)
    return {
      limit,
      status: 'skipped',
      message: `capacity was not looked for above ${formatLevel(unit, to)}, because the load was scaled`,
    }
  if (ended === 'found' || ended === 'below-from' || (broken !== undefined && broken <= limit))
    return { limit, status: 'fail', message: describeShortfall(limit, found) }
  const known = highest === undefined ? 'is unknown' : `is at least ${formatLevel(unit, highest)}`
  const proves = `which does not show that it is above ${wanted}`
  return { limit, status: 'fail', message: `capacity ${known}, ${proves}: ${adviceFor(found)}` }
}

function describeBound({ unit, highest, ended }: Found): string {
  const shown = formatLevel(unit, highest ?? 0)
  return ended === 'found' ? shown : `at least ${shown}`
}

function describeShortfall(limit: number, { unit, from, highest, broken }: Found): string {
  const wanted = formatLevel(unit, limit)
  if (highest === undefined) return `capacity was below ${formatLevel(unit, from)}, under the limit of ${wanted}`
  const bracket = `${formatLevel(unit, highest)} met the objectives and ${formatLevel(unit, broken ?? 0)} did not`
  return `capacity was ${formatLevel(unit, highest)}, ${highest === limit ? 'exactly' : `${formatGap(unit, limit - highest)} under`} the limit of ${wanted}: ${bracket}`
}

function formatGap(unit: CapacityUnit, gap: number): string {
  return formatLevel(unit, unit === 'vus' ? gap : Number(gap.toPrecision(3)))
}

function adviceFor({ unit, ended, levels }: Found): string {
  if (ended === 'reached-to') return "raise 'to'"
  if (ended === 'interrupted') return 'the search was ended early'
  const { level = 0, why = unknownReason } = levels.at(-1) ?? {}
  return `${formatLevel(unit, level)} was not delivered: ${why}`
}

const withoutLatency =
  'no objective is on a latency: a target that only gets slower under more load is never too slow for this search'

/**
 * The result that stands for a whole search: what was measured at the level that counts, with the curve, and judged by
 * what the search came to.
 */
export function asSearchResult(base: RunResult, capacity: CapacityResult): RunResult {
  const { ended, highest, expectations, summary } = capacity
  const unmet = expectations.filter(({ status }) => status === 'fail')
  const failed = ended === 'interrupted' || ended === 'below-from' || unmet.length > 0
  const verdict = ended === 'generator' && highest === undefined ? 'invalid' : failed ? 'fail' : 'pass'
  const isOnLatency = base.slos.some(({ slo }) => 'of' in slo.aggregate)
  return {
    ...base,
    capacity,
    verdict,
    warnings: isOnLatency ? base.warnings : [...base.warnings, withoutLatency],
    reasons: verdict === 'pass' ? [] : unmet.length > 0 ? unmet.map(({ message }) => message) : [summary],
  }
}
