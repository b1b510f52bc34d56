import type { LoadProfile } from '../../src/shared/load-profile.ts'
import type { StartedRun } from '../../src/results/live.ts'
import { formatDuration } from '../../src/shared/durations.ts'
import { formatRateRange } from '../../src/shared/rates.ts'
import { cleanText } from '../../src/shared/text.ts'
import type { Glyphs } from './glyphs.ts'
import type { Page } from './paint.ts'
import { formatCount } from './units.ts'
import { cutEnd, displayWidth, pad } from './width.ts'

const gap = '  '
/** Below it is what rounding makes. */
const levelTolerance = 1e-6

/**
 * Draws how high a load is planned to be over its time: rows of blocks, as many columns wide as the profile has levels, with
 * the peak beside the first row and the time below.
 */
export function renderLoadPicture(
  { unit, levels, durationMs }: LoadProfile,
  rows: number,
  { blocks, full }: Pick<Glyphs, 'blocks' | 'full'>,
): string[] {
  const peak = Math.max(...levels)
  const label = unit === 'VUs' ? `${formatCount(peak)} ${peak === 1 ? 'VU' : 'VUs'}` : formatRateRange(peak, peak)
  const labelWidth = displayWidth(label)
  const heights = levels.map((level) => (peak === 0 ? 0 : (level / peak) * rows))
  const drawn = Array.from({ length: rows }, (_, row) => {
    const text = heights.map((height) => cell(height - (rows - 1 - row), blocks, full)).join('')
    return `${pad(row === 0 ? label : '', labelWidth, 'left')}${gap}${text}`.trimEnd()
  })
  const end = durationMs === undefined ? 'all done' : formatDuration(durationMs)
  const axis = `0s${' '.repeat(Math.max(1, levels.length - 2 - displayWidth(end)))}${end}`
  return [...drawn, `${' '.repeat(labelWidth)}${gap}${axis}`]
}

const rowsAtStart = 4
const indent = '   '
/** `1,000,000/s`, `100,000 VUs`. */
const widestLabel = 11

/** What a load is going to do, with its picture; nothing for one that does not change. */
export function renderStart(run: Pick<StartedRun, 'scenario' | 'load' | 'profile'>, page: Page): string[] {
  const { levels } = run.profile
  const [first = 0] = levels
  if (levels.every((level) => Math.abs(level - first) <= first * levelTolerance)) return []
  const { width, glyphs } = page
  const profile = { ...run.profile, levels: narrow(levels, width - indent.length - widestLabel - gap.length) }
  const picture = renderLoadPicture(profile, rowsAtStart, glyphs)
  return ['', renderLoadName(run, page), '', ...picture.map((line) => `${indent}${line}`), '']
}

/** A scenario with what its load is going to do, in words. */
export function renderLoadName(run: Pick<StartedRun, 'scenario' | 'load'>, { paint, width }: Page): string {
  const name = cutEnd(cleanText(run.scenario), Math.floor(width / 2))
  const load = cutEnd(cleanText(run.load), width - displayWidth(name) - 3)
  return ` ${paint.strong(name)}  ${paint.dim(load)}`
}

/** As many levels as there is room for: of several, the highest. */
function narrow(levels: readonly number[], room: number): readonly number[] {
  if (levels.length <= room) return levels
  const each = levels.length / room
  return Array.from({ length: room }, (_, index) =>
    Math.max(
      ...levels.slice(Math.floor(index * each), Math.max(Math.floor(index * each) + 1, Math.floor((index + 1) * each))),
    ),
  )
}

/** One character of a column that reaches so many rows above the bottom of this one. */
function cell(height: number, blocks: string, full: string): string {
  if (height <= 0) return ' '
  const eighths = Math.max(1, Math.round(height * (blocks.length + 1)))
  return eighths > blocks.length ? full : (blocks[eighths - 1] ?? full)
}
