import type { RunResult } from '../../src/results/run-result.ts'
import type { Page } from './paint.ts'
import { renderSparkline } from './sparkline.ts'
import { renderTable, type Cell, type Column } from './table.ts'
import { sliceTimeline, type TimeSlice } from './time-slices.ts'
import { formatCount, formatElapsed, formatRate, pickLatencyScale, type LatencyScale } from './units.ts'
import { displayWidth } from './width.ts'

/** What stands beside the blocks: label, peak and gaps. */
const besideWidth = 30
const mostBlocks = 60
const fewestSlices = 3

/** How rate, latency and failures developed: a row of blocks for each, on the same axis and in the units of the tables. */
export function renderOverTime(result: Pick<RunResult, 'timeline' | 'durationMs' | 'series'>, page: Page): string[] {
  const room = Math.min(mostBlocks, page.width - besideWidth)
  const slices = sliceTimeline(result, room)
  if (slices.length < fewestSlices) return []
  const each = Math.floor(room / slices.length)
  const columns: Column[] = [
    { title: 'over time', align: 'left' },
    { title: renderAxis(result.durationMs, slices.length * each), align: 'left' },
    { title: 'peak', align: 'right' },
  ]
  const wide = slices.flatMap((slice) => Array.from({ length: each }, () => slice))
  return renderTable(columns, describeRows(wide, pickLatencyScale(result.series.map((one) => one.latency)), page), page)
}

function renderAxis(durationMs: number, width: number): string {
  const [from, to] = [durationMs < 59_950 ? '0 s' : '0:00', formatElapsed(durationMs)]
  return `${from}${' '.repeat(Math.max(1, width - displayWidth(from) - displayWidth(to)))}${to}`
}

type DrawRow = (label: string, of: (slice: TimeSlice) => number, format: (peak: number) => string) => Cell[]

function describeRows(slices: readonly TimeSlice[], scale: LatencyScale, { paint, glyphs }: Page): Cell[][] {
  const row: DrawRow = (label, of, format) => {
    const values = slices.map(of)
    const peak = Math.max(...values)
    return [{ text: label }, { text: renderSparkline(values, peak, glyphs.blocks) }, { text: format(peak) }]
  }
  const requested = slices.some((slice) => slice.requests > 0)
  return [
    ...(isSteady(slices) ? [] : [row('VUs', (slice) => slice.activeVUs, formatCount)]),
    requested
      ? row('requests/s', (slice) => slice.requests, formatPeak)
      : row('iterations/s', (slice) => slice.iterations, formatPeak),
    ...(slices.some((slice) => slice.p95 > 0) ? [row(`p95 in ${scale.unit}`, (slice) => slice.p95, scale.format)] : []),
    ...describeFailures(slices, row).map((cells) => cells.map((cell) => ({ ...cell, color: paint.bad }))),
  ]
}

/** Of requests when some of them failed, otherwise of iterations, which fail by themselves when an assertion does. */
function describeFailures(slices: readonly TimeSlice[], row: DrawRow): Cell[][] {
  if (slices.some((slice) => slice.failedRequests > 0))
    return [row('failed/s', (slice) => slice.failedRequests, formatPeak)]
  if (slices.some((slice) => slice.failedIterations > 0))
    return [row('failed iterations/s', (slice) => slice.failedIterations, formatPeak)]
  return []
}

/** The same number of virtual users all the time, but for the end, when they leave. */
function isSteady(slices: readonly TimeSlice[]): boolean {
  const counts = slices.map((slice) => slice.activeVUs).slice(0, -Math.ceil(slices.length / 4))
  return Math.min(...counts) >= Math.max(...counts) * 0.8
}

function formatPeak(perSecond: number): string {
  return perSecond < 10 ? formatRate(perSecond) : formatCount(perSecond)
}
