import type { ErrorResult, RunResult } from '../../src/results/run-result.ts'
import { cleanText } from '../../src/shared/text.ts'
import type { Page, Paint } from './paint.ts'
import { renderTable, type Cell, type Column } from './table.ts'
import { count as counted, formatCount, formatOffset, formatPercent } from './units.ts'
import { cutEnd, wrapText } from './width.ts'

const maxRows = 12
const columns: readonly Column[] = [
  { title: 'errors', align: 'left' },
  { title: 'id', align: 'left' },
  { title: 'count', align: 'right' },
  { title: '% of all', align: 'right' },
  { title: 'first seen', align: 'right', dispensable: 1 },
  { title: 'last seen', align: 'right', dispensable: 2 },
  { title: 'step, request', align: 'left', cut: 'middle', readableWidth: 28 },
]

/** What went wrong, most frequent first: a line of figures and the place, below it the message and one of them. */
export function renderErrors({ errors }: Pick<RunResult, 'errors'>, page: Page): string[] {
  if (errors.length === 0) return []
  const sorted = errors.toSorted((left, right) => right.count - left.count)
  const shown = sorted.slice(0, maxRows)
  const [titles = '', ...rows] = renderTable(
    columns,
    shown.map((error) => renderError(error, page.paint)),
    page,
  )
  const details = shown.map((error) => [
    ...wrapText(cleanText(error.message, 400), page.width - 4).map((line) => `    ${line}`),
    ...describeExemplar(error, page).map((line) => `    ${page.paint.dim(line)}`),
  ])
  const lines = rows.flatMap((row, index) => [row, ...(details[index] ?? [])])
  return [titles, ...lines, ...describeRest(sorted.slice(maxRows), page.paint)]
}

function renderError(error: ErrorResult, paint: Paint): Cell[] {
  const color = error.category === 'aborted' ? paint.caution : paint.bad
  return [
    { text: error.category, color },
    { text: isReplayable(error) ? error.id : '', color: paint.dim },
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

/** Whether there is an iteration to run again: none of what we have cut, or of a hook. */
export function isReplayable({ category, exemplar }: ErrorResult): boolean {
  return category !== 'aborted' && exemplar !== undefined && exemplar.inHook !== true
}

/** One of them, to look for in the target's log: whose it was, and what was answered. */
function describeExemplar({ exemplar, category }: ErrorResult, { width }: Page): string[] {
  if (exemplar === undefined || category === 'aborted') return []
  const { vu, iteration, response, inHook, traceId } = exemplar
  const answer = response === '' ? '' : `, answered ${cleanText(response)}`
  const place =
    inHook === true
      ? `in a hook${vu === 0 ? '' : ` of VU ${formatCount(vu)}`}, which cannot be run again by itself`
      : [`VU ${formatCount(vu)}`, `iteration ${formatCount(iteration)}`, ...describeRows(exemplar.rows)].join(', ')
  const trace = traceId === undefined ? '' : `, trace ${cleanText(traceId, 40)}`
  return [cutEnd(`e.g. ${place}${trace}${answer}`, width - 4)]
}

function describeRows(rows: Readonly<Record<string, number>>): string[] {
  return Object.entries(rows).map(([feeder, index]) => `row ${formatCount(index)} of ${cleanText(feeder, 40)}`)
}

function describeRest(errors: readonly ErrorResult[], paint: Paint): string[] {
  if (errors.length === 0) return []
  const failures = errors.reduce((sum, error) => sum + error.count, 0)
  return [paint.dim(`  … and ${counted(errors.length, 'more kind')}, ${counted(failures, 'failure')}`)]
}
