import type { RunResult, SeriesResult } from '../../src/results/run-result.ts'
import { cleanText } from '../../src/shared/text.ts'
import { renderFact } from './facts.ts'
import type { Page } from './paint.ts'
import { renderTable, type Cell, type Column } from './table.ts'
import { formatBytes, formatCount, formatFixed, pickLatencyScale, type LatencyScale } from './units.ts'
import { pad } from './width.ts'

const phaseNames = ['dns', 'connecting', 'tls', 'waiting'] as const
const maxRows = 20
const maxThreads = 8

/** Where the time of requests went: p50 and p95 of the phases that took place at all. */
export function renderPhases({ series }: Pick<RunResult, 'series'>, page: Page): string[] {
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

/** How often a connection was made and used again, and what went over them. */
export function renderConnections(
  { connections, bytes }: Pick<RunResult, 'connections' | 'bytes'>,
  page: Page,
): string[] {
  const { opened, reused, closed } = connections
  const used = opened + reused > 0
  const parts = [
    { text: used ? `${formatCount(opened)} connections opened` : '' },
    { text: used ? `${formatCount(reused)} reused` : '' },
    { text: used ? `${formatCount(closed)} closed` : '' },
    { text: `${formatBytes(bytes.sent)} sent` },
    { text: `${formatBytes(bytes.received)} received` },
  ]
  return renderFact('Network', parts, page)
}

/** Whether the load generator kept up, thread by thread. */
export function renderHealth({ health }: Pick<RunResult, 'health'>, page: Page): string[] {
  if (health.length === 0) return []
  const threads =
    health.length > maxThreads
      ? health.toSorted((left, right) => right.eventLoopDelayP99 - left.eventLoopDelayP99)
      : health
  const shown = threads.slice(0, maxThreads)
  const delays = shown.map((thread) => formatFixed(thread.eventLoopDelayP99 / 1000, 1)).join(' / ')
  const busy = shown.map((thread) => formatFixed(thread.eventLoopUtilization * 100, 0)).join(' / ')
  const scope =
    health.length > maxThreads
      ? `worst ${maxThreads} of ${health.length} threads`
      : health.length > 1
        ? 'per thread'
        : ''
  return renderFact(
    'Generator',
    [{ text: `event-loop delay p99 ${delays} ms` }, { text: `busy ${busy} %` }, { text: scope, color: page.paint.dim }],
    page,
  )
}
