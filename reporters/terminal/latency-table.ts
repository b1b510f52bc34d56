import type { RunResult, SeriesResult } from '../../src/results/run-result.ts'
import type { SloOutcome } from '../../src/slo/model.ts'
import { cleanText } from '../../src/shared/text.ts'
import type { Page, Paint } from './paint.ts'
import { renderTable, type Cell, type Column, type TableRow } from './table.ts'
import { formatCount, formatPercent, pickLatencyScale, rateFormatter, type LatencyScale } from './units.ts'

const maxRows = 60

/** Figures of latency, how many samples one takes to be another than the maximum, and which goes first for want of room. */
const figures = [
  { title: 'p50', field: 'p50', least: 1, dispensable: 6 },
  { title: 'p90', field: 'p90', least: 10, dispensable: 2 },
  { title: 'p95', field: 'p95', least: 20, dispensable: 8 },
  { title: 'p99', field: 'p99', least: 100, dispensable: 5 },
  { title: 'p99.9', field: 'p999', least: 1000, dispensable: 1 },
  { title: 'max', field: 'max', least: 1, dispensable: 7 },
] as const

/** Counts, failures and percentiles of the iterations, the steps and the requests, on one scale. */
export function renderLatencyTable(
  { series, slos, requests }: Pick<RunResult, 'series' | 'slos' | 'requests'>,
  page: Page,
): string[] {
  const ended = series.filter((one) => countEnded(one) > 0)
  if (ended.length === 0) return []
  const scale = pickLatencyScale(ended.map((one) => one.latency))
  const rate = rateFormatter(ended.filter((one) => one.kind !== 'hook').map((one) => one.perSecond))
  const format: RowFormat = { scale, rate, paint: page.paint, breached: new Set(slos.flatMap(describeBreach)) }
  const ofKind = (kind: SeriesResult['kind']): SeriesResult[] => ended.filter((one) => one.kind === kind)
  const { dim } = page.paint
  const rows: TableRow[] = [
    ...ofKind('iteration').map((one) => renderRow('iterations', one, format)),
    ...renderSection({ heading: 'steps' }, orderByPath(ofKind('step')), format),
    ...renderSection([{ text: 'requests', color: dim }, ...countCells(requests, format)], ofKind('request'), format),
    ...renderSection({ heading: 'requests of hooks, in no SLO' }, ofKind('hook'), {
      ...format,
      // So few that a rate would only cost the column its digits.
      rate: () => '',
    }),
  ]
  const measured = ended.some((one) => one.latency.count > 0)
  return renderTable(
    measured ? [...describeCounts(`latency in ${scale.unit}`), ...percentiles] : describeCounts('outcomes'),
    rows,
    page,
  )
}

interface RowFormat {
  readonly scale: LatencyScale
  readonly rate: (perSecond: number) => string
  readonly paint: Paint
  /** Cells that an objective was about which was not met, as `describeBreach` names them. */
  readonly breached: ReadonlySet<string>
}

function describeCounts(title: string): Column[] {
  return [
    { title, align: 'left', cut: 'middle' },
    { title: 'count', align: 'right' },
    { title: '/s', align: 'right', dispensable: 4 },
    { title: 'failed', align: 'right' },
    { title: '%', align: 'right', dispensable: 3 },
  ]
}

const percentiles = figures.map(({ title, dispensable }): Column => ({ title, align: 'right', dispensable }))

function renderSection(heading: TableRow, series: readonly SeriesResult[], format: RowFormat): TableRow[] {
  if (series.length === 0) return []
  const rows = busiest(series).map((one) => renderRow(`  ${cleanText(one.name)}`, one, format))
  if (series.length > maxRows) rows.push([{ text: `  … and ${series.length - maxRows} more`, color: format.paint.dim }])
  return [heading, ...rows]
}

/** As many as are shown, in their order. */
function busiest(series: readonly SeriesResult[]): readonly SeriesResult[] {
  if (series.length <= maxRows) return series
  const shown = new Set(series.toSorted((left, right) => countEnded(right) - countEnded(left)).slice(0, maxRows))
  return series.filter((one) => shown.has(one))
}

function renderRow(name: string, series: SeriesResult, format: RowFormat): Cell[] {
  const { latency } = series
  const { scale, paint, breached } = format
  const colorOf = (column: string): Cell['color'] =>
    breached.has(keyOf(series.kind, series.name, column)) ? paint.breach : undefined
  const cells = figures.map(({ title, field, least }): Cell => {
    if (latency.count === 0) return { text: '–', color: paint.dim }
    return { text: latency.count < least ? '' : scale.format(latency[field]), color: colorOf(title) }
  })
  return [{ text: name }, ...countCells(series, format, colorOf), ...cells]
}

type Counts = Pick<SeriesResult, 'ok' | 'failed' | 'aborted' | 'perSecond'>

/** How many ended, how quickly they came, and how many of them failed. */
function countCells(
  counts: Counts,
  { rate, paint }: RowFormat,
  colorOf: (column: string) => Cell['color'] = () => undefined,
): Cell[] {
  const color = counts.failed === 0 ? paint.dim : (colorOf('%') ?? paint.bad)
  return [
    { text: formatCount(countEnded(counts)) },
    { text: rate(counts.perSecond), color: colorOf('/s') },
    { text: formatCount(counts.failed), color },
    { text: counts.failed > 0 ? formatPercent(counts.failed / countEnded(counts)) : '', color },
  ]
}

function countEnded(counts: Omit<Counts, 'perSecond'>): number {
  return counts.ok + counts.failed + counts.aborted
}

/** Names the cell that a breached objective was about; none where the table has no such figure. */
function describeBreach({ slo: { target, aggregate, window }, status }: SloOutcome): string[] {
  if (target.kind === 'labelled' || window !== undefined) return []
  if (status !== 'fail' || ('of' in aggregate && aggregate.of === 'service')) return []
  const columns = { mean: '', max: 'max', errorRate: '%', throughput: '/s', checks: '' }
  const column = aggregate.kind === 'percentile' ? `p${aggregate.percentile}` : columns[aggregate.kind]
  return [target.kind === 'scenario' ? keyOf('iteration', '', column) : keyOf(target.kind, target.name, column)]
}

/** There is one series of iterations, whatever its name. */
function keyOf(kind: SeriesResult['kind'], name: string, column: string): string {
  return [kind, kind === 'iteration' ? '' : name, column].join('\n')
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
