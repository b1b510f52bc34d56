import type { CheckResult, RunResult } from '../../src/results/run-result.ts'
import { cleanText } from '../../src/shared/text.ts'
import type { Page, Paint } from './paint.ts'
import { renderTable, type Cell, type Column } from './table.ts'
import { formatCount, formatPercent } from './units.ts'

/** Checks that always held are shown as long as they are few; those that failed, nearly all. */
const maxHeld = 5
const maxFailed = 40
const columns: readonly Column[] = [
  { title: 'checks', align: 'left', cut: 'middle' },
  { title: 'count', align: 'right' },
  { title: 'failed', align: 'right' },
  { title: '%', align: 'right' },
]

/** How often each check was made and how often it failed; those that did come last. */
export function renderChecks({ checks }: Pick<RunResult, 'checks'>, page: Page): string[] {
  if (checks.length === 0) return []
  const held = checks.filter((check) => check.failed === 0)
  const failed = checks.filter((check) => check.failed > 0).toSorted((left, right) => right.failed - left.failed)
  const rows = [
    ...held.slice(0, maxHeld).map((check) => renderCheck(check, page.paint)),
    ...describeRest(held.length - maxHeld, 'held', page.paint),
    ...failed.slice(0, maxFailed).map((check) => renderCheck(check, page.paint)),
    ...describeRest(failed.length - maxFailed, 'failed', page.paint),
  ]
  return renderTable(columns, rows, page)
}

function renderCheck({ name, step, passed, failed }: CheckResult, paint: Paint): Cell[] {
  const text = cleanText(step === '' ? name : `${step} > ${name}`)
  if (failed === 0)
    return [
      { text: `✓ ${text}`, color: colorMark(paint) },
      { text: formatCount(passed) },
      { text: '0', color: paint.dim },
    ]
  return [
    { text: `✗ ${text}`, color: paint.bad },
    { text: formatCount(passed + failed) },
    { text: formatCount(failed), color: paint.bad },
    { text: formatPercent(failed / (passed + failed)), color: paint.bad },
  ]
}

function colorMark(paint: Paint): (text: string) => string {
  return (text) => `${paint.good('✓')}${text.slice(1)}`
}

function describeRest(count: number, what: string, paint: Paint): Cell[][] {
  return count > 0 ? [[{ text: `… and ${count} more that ${what}`, color: paint.dim }]] : []
}
