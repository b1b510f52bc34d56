import type { ErrorResult, RunResult } from '../../src/results/run-result.ts'
import { cleanText } from '../../src/shared/text.ts'
import type { Page, Paint } from './paint.ts'
import { renderTable, type Cell, type Column } from './table.ts'
import { formatCount, formatOffset, formatPercent } from './units.ts'
import { wrapText } from './width.ts'

const maxRows = 12
const columns: readonly Column[] = [
  { title: 'errors', align: 'left' },
  { title: 'count', align: 'right' },
  { title: '%', align: 'right' },
  { title: 'first', align: 'right', dispensable: 1 },
  { title: 'last', align: 'right', dispensable: 2 },
  { title: 'step, request', align: 'left', cut: 'middle' },
]

/** What went wrong, most frequent first: a line of figures and the place, and the message below it. */
export function renderErrors({ errors }: Pick<RunResult, 'errors'>, page: Page): string[] {
  if (errors.length === 0) return []
  const sorted = errors.toSorted((left, right) => right.count - left.count)
  const shown = sorted.slice(0, maxRows)
  const [titles = '', ...rows] = renderTable(
    columns,
    shown.map((error) => renderError(error, page.paint)),
    page,
  )
  const messages = shown.map((error) =>
    wrapText(cleanText(error.message, 400), page.width - 4).map((line) => `    ${line}`),
  )
  const lines = rows.flatMap((row, index) => [row, ...(messages[index] ?? [])])
  return [titles, ...lines, ...describeRest(sorted.slice(maxRows), page.paint)]
}

function renderError(error: ErrorResult, paint: Paint): Cell[] {
  const color = error.category === 'aborted' ? paint.caution : paint.bad
  return [
    { text: error.category, color },
    { text: formatCount(error.count), color },
    { text: formatPercent(error.share) },
    { text: formatOffset(error.firstSeenMs), color: paint.dim },
    { text: formatOffset(error.lastSeenMs), color: paint.dim },
    {
      text: [error.step, error.request]
        .filter((part) => part !== '')
        .map((part) => cleanText(part))
        .join(', '),
    },
  ]
}

function describeRest(errors: readonly ErrorResult[], paint: Paint): string[] {
  if (errors.length === 0) return []
  const count = errors.reduce((sum, error) => sum + error.count, 0)
  return [paint.dim(`  … and ${errors.length} more kinds, ${formatCount(count)} failures`)]
}
