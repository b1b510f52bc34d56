import type { CheckResult, RunResult } from '../../src/results/run-result.ts'
import { cleanText } from '../../src/shared/text.ts'
import type { Page, Paint } from './paint.ts'
import { renderTable, type Cell, type Column } from './table.ts'
import { formatCount, formatPercent } from './units.ts'

const maxRows = 40
const columns: readonly Column[] = [
  { title: 'checks', align: 'left', cut: 'middle' },
  { title: 'passed', align: 'right' },
  { title: 'failed', align: 'right' },
  { title: '% passed', align: 'right' },
]

/** How often each check held. When there are too many to show, those that failed come first. */
export function renderChecks({ checks }: Pick<RunResult, 'checks'>, page: Page): string[] {
  if (checks.length === 0) return []
  const shown =
    checks.length > maxRows ? checks.toSorted((left, right) => right.failed - left.failed).slice(0, maxRows) : checks
  const rows = shown.map((check) => renderCheck(check, page.paint))
  if (checks.length > maxRows) rows.push([{ text: `… and ${checks.length - maxRows} more`, color: page.paint.dim }])
  return renderTable(columns, rows, page)
}

function renderCheck(check: CheckResult, paint: Paint): Cell[] {
  const held = check.failed === 0
  const name = cleanText(check.step === '' ? check.name : `${check.step} > ${check.name}`)
  return [
    { text: `${held ? '✓' : '✗'} ${name}`, color: held ? undefined : paint.bad },
    { text: formatCount(check.passed) },
    { text: formatCount(check.failed), color: held ? paint.dim : paint.bad },
    {
      text: formatPercent(check.passed / Math.max(1, check.passed + check.failed)),
      color: held ? undefined : paint.bad,
    },
  ]
}
