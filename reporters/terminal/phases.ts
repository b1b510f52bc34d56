import type { RunResult, SeriesResult } from '../../src/results/run-result.ts'
import type { SloOutcome } from '../../src/slo/model.ts'
import { cleanText } from '../../src/shared/text.ts'
import type { Page } from './paint.ts'
import { renderTable, type Cell, type Column } from './table.ts'
import { pickLatencyScale, type LatencyScale } from './units.ts'
import { pad } from './width.ts'

const phaseNames = ['dns', 'connecting', 'tls', 'waiting'] as const
const maxRows = 20

/** Where the time of requests went, when an objective on it was breached: p50 and p95 of the phases that took place. */
export function renderPhases({ series, slos }: Pick<RunResult, 'series' | 'slos'>, page: Page): string[] {
  if (!slos.some(isTooSlow)) return []
  const requests = series.filter((one) => one.kind === 'request' && phaseNames.some((name) => isMeasured(one, name)))
  if (requests.length === 0) return []
  const scale = pickLatencyScale(requests.flatMap((one) => phaseNames.flatMap((name) => one.phases[name] ?? [])))
  const columns: Column[] = [
    { title: `phases in ${scale.unit}, p50 / p95`, align: 'left', cut: 'middle' },
    ...phaseNames.map((title): Column => ({ title, align: 'right' })),
  ]
  const shown = requests.slice(0, maxRows)
  const figures = phaseNames.map((name) => renderPhase(shown, name, scale))
  const rows = shown.map((one, row): Cell[] => [
    { text: cleanText(one.name) },
    ...figures.map((column) => ({ text: column[row] ?? '' })),
  ])
  if (requests.length > maxRows) rows.push([{ text: `… and ${requests.length - maxRows} more`, color: page.paint.dim }])
  return renderTable(columns, rows, page)
}

/** One column: the slashes stand below each other. */
function renderPhase(requests: readonly SeriesResult[], name: string, scale: LatencyScale): string[] {
  const pairs = requests.map((one) =>
    (isMeasured(one, name) ? [one.phases[name]?.p50 ?? 0, one.phases[name]?.p95 ?? 0] : []).map(scale.format),
  )
  const width = Math.max(...pairs.map(([, p95 = '']) => p95.length))
  return pairs.map(([p50, p95]) =>
    p50 === undefined || p95 === undefined ? '' : `${p50} / ${pad(p95, width, 'right')}`,
  )
}

function isMeasured(series: SeriesResult, phase: string): boolean {
  return (series.phases[phase]?.count ?? 0) > 0
}

/** Whether an objective on a latency was breached. */
export function isTooSlow({ slo, status, actual }: SloOutcome): boolean {
  return status === 'fail' && actual !== undefined && 'of' in slo.aggregate
}
