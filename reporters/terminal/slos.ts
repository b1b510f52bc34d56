import type { RunResult } from '../../src/results/run-result.ts'
import { formatCondition, formatFigure, sloTitle, type SloOutcome } from '../../src/slo/model.ts'
import { cleanText } from '../../src/shared/text.ts'
import type { Page, Paint } from './paint.ts'
import { renderTable, type Cell, type Column } from './table.ts'
import { wrapText } from './width.ts'

const marks = { pass: '✓', fail: '✗', skipped: '○' } as const
const columns: readonly Column[] = [
  { title: 'SLOs', align: 'left', cut: 'middle' },
  { title: 'wanted', align: 'left' },
  { title: 'measured', align: 'right' },
  { title: 'margin', align: 'right' },
  { title: '', align: 'left' },
]

/** What was promised, what was measured, and how far one is from the other. */
export function renderSlos({ slos }: Pick<RunResult, 'slos'>, page: Page): string[] {
  if (slos.length === 0) return []
  const [titles = '', ...rows] = renderTable(
    columns,
    slos.map((outcome) => renderOutcome(outcome, page.paint)),
    page,
  )
  return [titles, ...rows.flatMap((row, index) => [row, ...explain(slos[index], page)])]
}

function renderOutcome(outcome: SloOutcome, paint: Paint): Cell[] {
  const { slo, status, actual } = outcome
  const color = { pass: undefined, fail: paint.bad, skipped: paint.dim }[status]
  return [
    { text: `${marks[status]} ${cleanText(sloTitle(slo))}`, color: status === 'pass' ? colorMark(paint) : color },
    { text: formatCondition(slo), color },
    { text: actual === undefined ? '–' : formatFigure(slo.aggregate, actual), color },
    { text: describeMargin(outcome), color },
    { text: slo.implicit ? '(default)' : '', color: paint.dim },
  ]
}

function colorMark(paint: Paint): (text: string) => string {
  return (text) => `${paint.good(marks.pass)}${text.slice(marks.pass.length)}`
}

/** Why there is no figure; where there is one, the columns say everything. */
function explain(outcome: SloOutcome | undefined, { width, paint }: Page): string[] {
  if (outcome === undefined || outcome.actual !== undefined) return []
  const color = outcome.status === 'fail' ? paint.bad : paint.dim
  return wrapText(cleanText(outcome.message, 600), width - 4).map((line) => `    ${color(line)}`)
}

function describeMargin({ slo, status, actual }: SloOutcome): string {
  if (status === 'skipped') return 'not judged'
  if (actual === undefined) return 'no samples'
  const { condition } = slo
  if (condition.kind === 'between' && status === 'pass') return 'within'
  const limit =
    condition.kind === 'between' ? (actual < condition.low ? condition.low : condition.high) : condition.limit
  if (actual === limit) return 'at the limit'
  return `${formatFigure(slo.aggregate, Math.abs(actual - limit))} ${actual > limit ? 'over' : 'under'}`
}
