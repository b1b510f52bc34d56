import type { RunResult, SeriesResult } from '../../src/results/run-result.ts'
import { cleanText } from '../../src/shared/text.ts'
import type { Page, Paint } from './paint.ts'
import { renderTable, type Cell, type Column, type TableRow } from './table.ts'
import { formatCount, formatPercent, pickLatencyScale, rateFormatter, type LatencyScale } from './units.ts'

const maxRows = 60
const sections = [
  { kind: 'step', heading: 'steps' },
  { kind: 'request', heading: 'requests' },
  { kind: 'hook', heading: 'requests of hooks, in no SLO' },
] as const

/** Counts, failures and percentiles of the iterations, the steps and the requests, on one scale. */
export function renderLatencyTable({ series }: Pick<RunResult, 'series'>, page: Page): string[] {
  const ended = series.filter((one) => countEnded(one) > 0)
  if (ended.length === 0) return []
  const scale = pickLatencyScale(ended.map((one) => one.latency))
  const format: RowFormat = { scale, rate: rateFormatter(ended.map((one) => one.perSecond)), paint: page.paint }
  const rows: TableRow[] = ended
    .filter((one) => one.kind === 'iteration')
    .map((one) => renderRow('iterations', one, format))
  for (const { kind, heading } of sections)
    rows.push(...renderSection(heading, orderByPath(ended.filter((one) => one.kind === kind)), format))
  return renderTable(describeColumns(scale), rows, page)
}

interface RowFormat {
  readonly scale: LatencyScale
  readonly rate: (perSecond: number) => string
  readonly paint: Paint
}

function describeColumns(scale: LatencyScale): Column[] {
  return [
    { title: `latency in ${scale.unit}`, align: 'left', cut: 'middle' },
    { title: 'count', align: 'right' },
    { title: '/s', align: 'right', dispensable: 1 },
    { title: 'failed', align: 'right' },
    { title: '%', align: 'right', dispensable: 2 },
    { title: 'p50', align: 'right' },
    { title: 'p90', align: 'right', dispensable: 3 },
    { title: 'p95', align: 'right' },
    { title: 'p99', align: 'right' },
    { title: 'p99.9', align: 'right', dispensable: 4 },
    { title: 'max', align: 'right' },
  ]
}

function renderSection(heading: string, series: readonly SeriesResult[], format: RowFormat): TableRow[] {
  if (series.length === 0) return []
  const rows = busiest(series).map((one) => renderRow(`  ${cleanText(one.name)}`, one, format))
  if (series.length > maxRows) rows.push([{ text: `  … and ${series.length - maxRows} more`, color: format.paint.dim }])
  return [{ heading }, ...rows]
}

/** As many as are shown, in their order. */
function busiest(series: readonly SeriesResult[]): readonly SeriesResult[] {
  if (series.length <= maxRows) return series
  const shown = new Set(series.toSorted((left, right) => countEnded(right) - countEnded(left)).slice(0, maxRows))
  return series.filter((one) => shown.has(one))
}

function renderRow(name: string, series: SeriesResult, { scale, rate, paint }: RowFormat): Cell[] {
  const { latency } = series
  const ended = countEnded(series)
  const failureColor = series.failed > 0 ? paint.bad : paint.dim
  const figures = [latency.p50, latency.p90, latency.p95, latency.p99, latency.p999, latency.max]
  return [
    { text: name },
    { text: formatCount(ended) },
    { text: rate(series.perSecond) },
    { text: formatCount(series.failed), color: failureColor },
    { text: series.failed > 0 ? formatPercent(series.failed / ended) : '', color: failureColor },
    ...figures.map((us): Cell => (latency.count > 0 ? { text: scale.format(us) } : { text: '–', color: paint.dim })),
  ]
}

function countEnded(series: SeriesResult): number {
  return series.ok + series.failed + series.aborted
}

/** In order of appearance, but a step before the steps within it, although these end first. */
function orderByPath(series: readonly SeriesResult[]): SeriesResult[] {
  const firstSeen = new Map<string, number>()
  const rank = (name: string): number[] =>
    name.split(' > ').map((_, depth, path) => {
      const ancestor = path.slice(0, depth + 1).join(' > ')
      if (!firstSeen.has(ancestor)) firstSeen.set(ancestor, firstSeen.size)
      return firstSeen.get(ancestor) ?? 0
    })
  return series
    .map((one) => ({ one, rank: rank(one.name) }))
    .toSorted((left, right) => compareRanks(left.rank, right.rank))
    .map(({ one }) => one)
}

function compareRanks(left: readonly number[], right: readonly number[]): number {
  for (let depth = 0; depth < Math.min(left.length, right.length); depth++) {
    const difference = (left[depth] ?? 0) - (right[depth] ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
