import type { LiveProgress } from '../../src/results/live.ts'
import { formatDuration } from '../../src/shared/durations.ts'
import { cleanText } from '../../src/shared/text.ts'
import type { Page } from './paint.ts'
import type { Cell } from './table.ts'
import { formatCount, formatElapsed, formatFixed, formatPercent } from './units.ts'
import { cutEnd, cutMiddle, displayWidth, pad } from './width.ts'

const barLength = 10
/** Lines that stay come one at a time: room for most names, so that those of several loads line up. */
const plainNameWidth = 20
const indent = '  '
const gap = '  '

/** A figure with its label or unit, as wide in every second as in the others. */
interface Segment {
  readonly cells: readonly Cell[]
  /** The lowest goes first when the line is too long; without one it stays. */
  readonly dispensable?: number
}

/**
 * How running loads are doing, a line for each. `bar` draws the progress, for lines that are redrawn. What grows has
 * its room from the beginning, so that figures keep their places from second to second and from line to line.
 */
export function renderLiveLines(loads: readonly LiveProgress[], page: Page, bar: boolean): string[] {
  const names = loads.map(({ scenario }) => cutMiddle(cleanText(scenario), Math.max(12, Math.floor(page.width / 4))))
  const nameWidth = Math.max(bar ? 0 : plainNameWidth, ...names.map(displayWidth))
  return loads.map((progress, index) => {
    const name: Segment = { cells: [{ text: pad(names[index] ?? '', nameWidth, 'left'), color: page.paint.strong }] }
    return renderLine([name, ...describeProgress(progress, page, bar)], page.width)
  })
}

function renderLine(all: readonly Segment[], width: number): string {
  let segments = all.filter(({ cells }) => cells.length > 0)
  while (lineWidth(segments) > width) {
    const [victim] = segments
      .filter((one) => one.dispensable !== undefined)
      .toSorted((a, b) => (a.dispensable ?? 0) - (b.dispensable ?? 0))
    if (victim === undefined) return cutEnd(`${indent}${segments.map(textOf).join(gap)}`, width)
    segments = segments.filter((one) => one !== victim)
  }
  return `${indent}${segments.map(paintSegment).join(gap)}`
}

function lineWidth(segments: readonly Segment[]): number {
  return displayWidth(indent + segments.map(textOf).join(gap))
}

function textOf({ cells }: Segment): string {
  return cells.map((cell) => cell.text).join('')
}

function paintSegment({ cells }: Segment): string {
  return cells.map(({ text, color }) => (color === undefined ? text : color(text))).join('')
}

function describeProgress(progress: LiveProgress, page: Page, bar: boolean): Segment[] {
  const { dim, breach } = page.paint
  const { activeVUs, requestsPerSecond, errorRatio, p95, plannedIterations, dropped } = progress
  const color = errorRatio > 0 ? breach : undefined
  const latency = p95 > 0 ? formatFixed(p95 / 1000, p95 < 10_000_000 ? 1 : 0) : '–'
  return [
    { cells: bar ? drawBar(progress, page) : [], dispensable: 3 },
    { cells: describeTime(progress, page) },
    { cells: [figure(formatCount(activeVUs), 5), { text: ' VUs', color: dim }], dispensable: 2 },
    { cells: describeIterations(progress, page), dispensable: plannedIterations === undefined ? 1 : 4 },
    { cells: [figure(formatCount(requestsPerSecond), 6), { text: ' req/s', color: dim }], dispensable: 5 },
    { cells: [{ text: 'p95', color: dim }, figure(latency, 8), { text: ' ms', color: dim }], dispensable: 6 },
    {
      cells: [
        { text: 'errors', color: color ?? dim },
        { ...figure(`${formatPercent(errorRatio)} %`, 9), color },
      ],
    },
    { cells: dropped > 0 ? [{ text: `${formatCount(dropped)} dropped`, color: page.paint.caution }] : [] },
  ]
}

function figure(text: string, width: number): Cell {
  return { text: pad(text, width, 'right') }
}

function describeTime({ elapsedMs, durationMs }: LiveProgress, { paint }: Page): Cell[] {
  const elapsed = figure(formatElapsed(elapsedMs), 6)
  if (durationMs === undefined) return [elapsed]
  const planned =
    durationMs < 60_000 ? formatDuration(durationMs).replace(/(?<=\d)(?=[a-z])/, ' ') : formatElapsed(durationMs)
  return [elapsed, { text: ` / ${planned}`, color: paint.dim }]
}

function describeIterations({ iterations, plannedIterations }: LiveProgress, { paint }: Page): Cell[] {
  if (plannedIterations === undefined)
    return [figure(formatCount(iterations), 7), { text: ' iterations', color: paint.dim }]
  const planned = formatCount(plannedIterations)
  return [figure(formatCount(iterations), planned.length), { text: ` / ${planned} iterations`, color: paint.dim }]
}

function drawBar(
  { elapsedMs, durationMs, iterations, plannedIterations }: LiveProgress,
  { paint, glyphs }: Page,
): Cell[] {
  if (durationMs === undefined && plannedIterations === undefined) return []
  const done =
    durationMs === undefined ? iterations / Math.max(1, plannedIterations ?? 1) : elapsedMs / Math.max(1, durationMs)
  const filled = Math.round(Math.min(1, Math.max(0, done)) * barLength)
  return [{ text: glyphs.done.repeat(filled) }, { text: glyphs.open.repeat(barLength - filled), color: paint.dim }]
}
