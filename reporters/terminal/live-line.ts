import type { LiveProgress } from '../../src/results/live.ts'
import { formatDuration, formatMicroseconds } from '../../src/shared/durations.ts'
import { formatRatio } from '../../src/shared/rates.ts'
import { cleanText } from '../../src/shared/text.ts'
import type { Page } from './paint.ts'
import type { Cell } from './table.ts'
import { formatCount, formatElapsed, formatRate } from './units.ts'
import { cutEnd, cutMiddle, displayWidth } from './width.ts'

const barLength = 10
const separator = '   '

interface Segment extends Cell {
  /** The lowest goes first when the line is too long; without one it stays. */
  readonly dispensable?: number
}

/** How a running load is doing, on one line. `bar` draws the progress, for a line that is redrawn. */
export function renderLiveLine(progress: LiveProgress, page: Page, bar: boolean): string {
  let segments = describeProgress(progress, page, bar)
  while (lineWidth(segments) > page.width) {
    const [victim] = segments
      .filter((one) => one.dispensable !== undefined)
      .toSorted((a, b) => (a.dispensable ?? 0) - (b.dispensable ?? 0))
    if (victim === undefined) return cutEnd(`  ${segments.map((one) => one.text).join(separator)}`, page.width)
    segments = segments.filter((one) => one !== victim)
  }
  return `  ${segments.map((one) => (one.color === undefined ? one.text : one.color(one.text))).join(separator)}`
}

function lineWidth(segments: readonly Segment[]): number {
  return 2 + segments.reduce((sum, one) => sum + displayWidth(one.text), 0) + separator.length * (segments.length - 1)
}

function describeProgress(progress: LiveProgress, { width, paint }: Page, bar: boolean): Segment[] {
  const segments: Segment[] = [
    { text: cutMiddle(cleanText(progress.scenario), Math.max(12, Math.floor(width / 4))), color: paint.strong },
    { text: bar ? drawBar(progress) : '', dispensable: 2 },
    { text: describeTime(progress) },
    { text: `${formatCount(progress.activeVUs)} VU${progress.activeVUs === 1 ? '' : 's'}`, dispensable: 3 },
    { text: describeIterations(progress), dispensable: progress.plannedIterations === undefined ? 1 : 4 },
    { text: `${formatRate(progress.requestsPerSecond)} req/s`, dispensable: 5 },
    { text: progress.p95 > 0 ? `p95 ${formatMicroseconds(progress.p95)}` : 'p95 –', dispensable: 6 },
    { text: `errors ${formatRatio(progress.errorRatio)}`, color: progress.errorRatio > 0 ? paint.bad : undefined },
  ]
  return segments.filter((segment) => segment.text !== '')
}

function describeTime({ elapsedMs, durationMs }: LiveProgress): string {
  if (durationMs === undefined) return formatElapsed(elapsedMs)
  const planned =
    durationMs < 60_000 ? formatDuration(durationMs).replace(/(?<=\d)(?=[a-z])/, ' ') : formatElapsed(durationMs)
  return `${formatElapsed(elapsedMs)} / ${planned}`
}

function describeIterations({ iterations, plannedIterations }: LiveProgress): string {
  const planned = plannedIterations === undefined ? '' : ` / ${formatCount(plannedIterations)}`
  return `${formatCount(iterations)}${planned} iteration${iterations === 1 && planned === '' ? '' : 's'}`
}

function drawBar({ elapsedMs, durationMs, iterations, plannedIterations }: LiveProgress): string {
  if (durationMs === undefined && plannedIterations === undefined) return ''
  const done =
    durationMs === undefined ? iterations / Math.max(1, plannedIterations ?? 1) : elapsedMs / Math.max(1, durationMs)
  const filled = Math.round(Math.min(1, Math.max(0, done)) * barLength)
  return `${'▰'.repeat(filled)}${'▱'.repeat(barLength - filled)}`
}
