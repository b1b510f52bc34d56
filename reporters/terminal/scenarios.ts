import type { RunResult, Verdict } from '../../src/results/run-result.ts'
import { cleanText } from '../../src/shared/text.ts'
import type { Page, Paint } from './paint.ts'
import { renderTable, type Cell, type Column } from './table.ts'
import { formatCount, formatPercent, pickLatencyScale, rateFormatter } from './units.ts'
import { describeOutcome, renderBadge } from './verdict.ts'

const marks = { pass: '✓', fail: '✗', invalid: '!' } as const
const order = { pass: 0, invalid: 1, fail: 2 } as const

/** What failed comes last, nearest to the prompt; otherwise as they ran. */
export function sortByVerdict<T>(runs: readonly T[], verdictOf: (run: T) => Verdict): T[] {
  return runs.toSorted((left, right) => order[verdictOf(left)] - order[verdictOf(right)])
}

/** With several scenarios: a line for each, and the verdict on all of them. */
export function renderScenarios(results: readonly RunResult[], page: Page): string[] {
  if (results.length < 2) return []
  const latencies = results.map(latencyOf)
  const scale = pickLatencyScale(latencies)
  const rate = rateFormatter(results.map((result) => result.requests.perSecond))
  const columns: Column[] = [
    { title: 'scenarios', align: 'left', cut: 'middle' },
    { title: 'iterations', align: 'right', dispensable: 1 },
    { title: 'requests/s', align: 'right', dispensable: 3 },
    { title: `p95 in ${scale.unit}`, align: 'right' },
    { title: 'failed', align: 'right' },
    { title: '%', align: 'right', dispensable: 2 },
    { title: '', align: 'left', cut: 'end' },
  ]
  const rows = results.map((result, index): Cell[] => {
    const { count = 0, p95 = 0 } = latencies[index] ?? {}
    const [name, iterations, ...failed] = describeCells(result, whereNeeded(result, results), page.paint)
    const latency = { text: count > 0 ? scale.format(p95) : '–' }
    const outcome = { text: describeOutcome(result), color: colorOf(result.verdict, page.paint) }
    return [name, iterations, { text: rate(result.requests.perSecond) }, latency, ...failed, outcome]
  })
  return [...renderTable(columns, rows, page), '', ...renderTotal(results, page)]
}

/** Of whole iterations, without their pauses. */
function latencyOf({ series }: RunResult): { count: number; p50: number; p95: number; max: number } {
  return series.find((one) => one.kind === 'iteration')?.latency ?? { count: 0, p50: 0, p95: 0, max: 0 }
}

/** What tells a scenario from others of its name: its project, or else its file. */
function whereNeeded(result: RunResult, results: readonly RunResult[]): string {
  const namesakes = results.filter((other) => other !== result && other.scenario === result.scenario)
  if (namesakes.some(({ project }) => project !== result.project)) return ` |${cleanText(result.project)}|`
  return namesakes.some(({ file }) => file !== result.file) ? ` ${cleanText(result.file)}` : ''
}

function nameCell({ verdict, scenario }: RunResult, where: string, paint: Paint): Cell {
  const color = colorOf(verdict, paint)
  const text = `${marks[verdict]} ${cleanText(scenario)}${where}`
  if (verdict !== 'pass') return { text, color }
  return { text, color: (padded) => `${paint.good(marks.pass)}${padded.slice(marks.pass.length)}` }
}

function describeCells(
  result: RunResult,
  where: string,
  paint: Paint,
): [name: Cell, iterations: Cell, ...failed: Cell[]] {
  const { ok, failed, aborted } = result.iterations
  const ended = ok + failed + aborted
  const color = failed > 0 ? paint.bad : paint.dim
  return [
    nameCell(result, where, paint),
    { text: formatCount(ended) },
    { text: formatCount(failed), color },
    { text: failed > 0 ? formatPercent(failed / ended) : '', color },
  ]
}

function colorOf(verdict: Verdict, paint: Paint): Cell['color'] {
  return { pass: undefined, fail: paint.breach, invalid: paint.caution }[verdict]
}

function renderTotal(results: readonly RunResult[], page: Page): string[] {
  const counts = { fail: 0, invalid: 0, pass: 0 }
  for (const { verdict } of results) counts[verdict] += 1
  const parts = [
    counts.fail > 0 ? `${counts.fail} failed` : '',
    counts.invalid > 0 ? `${counts.invalid} invalid` : '',
    counts.pass > 0 ? `${counts.pass} passed` : '',
  ]
  const verdict = counts.fail > 0 ? 'fail' : counts.invalid > 0 ? 'invalid' : 'pass'
  return renderBadge(verdict, `${results.length} scenarios: ${parts.filter((part) => part !== '').join(', ')}`, page)
}
