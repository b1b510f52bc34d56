import type { RunResult } from '../../src/results/run-result.ts'
import {
  formatCondition,
  formatFigure,
  formatPoints,
  sloTitle,
  type SloAggregate,
  type SloOutcome,
} from '../../src/slo/model.ts'
import { formatRatio } from '../../src/shared/rates.ts'
import { cleanText } from '../../src/shared/text.ts'
import type { Page, Paint } from './paint.ts'
import { renderTable, type Cell, type Column } from './table.ts'
import { pickLatencyScale, type LatencyScale } from './units.ts'
import { wrapText } from './width.ts'

const marks = { pass: '✓', fail: '✗', skipped: '○' } as const
/** What was not met stands last: nearest to the verdict, and to the prompt. */
const order = { pass: 0, skipped: 1, fail: 2 } as const
const columns: readonly Column[] = [
  { title: 'SLOs', align: 'left', cut: 'middle' },
  { title: 'wanted', align: 'right' },
  { title: 'measured', align: 'right' },
  { title: 'margin', align: 'right' },
  { title: '', align: 'left' },
]

/** What was promised, what was measured, and how far one is from the other; latencies all in one unit. */
export function renderSlos({ slos, series }: Pick<RunResult, 'slos' | 'series'>, page: Page): string[] {
  if (slos.length === 0) return []
  const sorted = slos.toSorted((left, right) => order[left.status] - order[right.status])
  const scale = pickScale(slos, series)
  const [titles = '', ...rows] = renderTable(
    columns,
    sorted.map((outcome) => renderOutcome(outcome, scale, page.paint)),
    page,
  )
  return [titles, ...rows.flatMap((row, index) => [row, ...explain(sorted[index], page)])]
}

/** The digits of the latency table, in a unit in which a limit can be read, too. */
function pickScale(slos: readonly SloOutcome[], series: RunResult['series']): LatencyScale {
  const limits = slos.flatMap(({ slo: { aggregate, condition } }) => {
    if (!('of' in aggregate)) return []
    const limit = condition.kind === 'between' ? condition.high : condition.limit
    return [{ count: 1, p50: limit, max: limit }]
  })
  return pickLatencyScale([...series.map((one) => one.latency), ...limits])
}

function renderOutcome(outcome: SloOutcome, scale: LatencyScale, paint: Paint): Cell[] {
  const { slo, status, actual } = outcome
  const color = { pass: slo.implicit ? paint.dim : undefined, fail: paint.breach, skipped: paint.dim }[status]
  const title = `${marks[status]} ${cleanText(sloTitle(slo))}`
  return [
    { text: title, color: status === 'pass' ? colorMark(paint, color) : color },
    { text: describeCondition(outcome, scale), color },
    { text: actual === undefined ? '–' : describeMeasured(slo, actual, scale), color },
    { text: describeMargin(outcome, scale), color },
    { text: slo.implicit ? '(default)' : '', color: paint.dim },
  ]
}

function colorMark(paint: Paint, color: Cell['color'] = (text) => text): (text: string) => string {
  return (text) => `${paint.good(marks.pass)}${color(text.slice(marks.pass.length))}`
}

/** Why there is no figure; where there is one, the columns say everything. */
function explain(outcome: SloOutcome | undefined, { width, paint }: Page): string[] {
  if (outcome === undefined || outcome.actual !== undefined) return []
  const color = outcome.status === 'fail' ? paint.bad : paint.dim
  return wrapText(cleanText(outcome.message, 600), width - 4).map((line) => `    ${color(line)}`)
}

function describeCondition({ slo }: SloOutcome, { unit, formatLimit }: LatencyScale): string {
  const { aggregate, condition, window } = slo
  if (!('of' in aggregate)) return formatCondition(slo)
  const part = window === undefined ? '' : ` in ${formatRatio(window.share)}`
  if (condition.kind === 'between')
    return `${formatLimit(condition.low)} to ${formatLimit(condition.high)} ${unit}${part}`
  return `${condition.kind === 'below' ? '<' : '>'} ${formatLimit(condition.limit)} ${unit}${part}`
}

/** Of windows, the part in which the condition was met. */
function describeMeasured({ aggregate, window }: SloOutcome['slo'], actual: number, scale: LatencyScale): string {
  return window === undefined ? describeFigure(aggregate, actual, scale) : `in ${formatRatio(actual)}`
}

function describeFigure(aggregate: SloAggregate, value: number, { unit, format }: LatencyScale): string {
  if (!('of' in aggregate)) return formatFigure(aggregate, value)
  const text = format(value)
  // A margin that is smaller than the digits show is still one.
  return value > 0 && Number(text) === 0 ? formatFigure(aggregate, value) : `${text} ${unit}`
}

function describeMargin({ slo, status, actual, endedLoad }: SloOutcome, scale: LatencyScale): string {
  if (status === 'skipped') return 'not judged'
  if (endedLoad === true) return 'ended the load'
  if (actual === undefined) return 'no samples'
  const { aggregate, condition, window } = slo
  if (window !== undefined) return formatPoints(actual, window.share)
  if (condition.kind === 'between' && status === 'pass') return 'within'
  const limit =
    condition.kind === 'between' ? (actual < condition.low ? condition.low : condition.high) : condition.limit
  if (actual === limit) return 'at the limit'
  return `${describeFigure(aggregate, Math.abs(actual - limit), scale)} ${actual > limit ? 'over' : 'under'}`
}
