import {
  formatLevel,
  type CapacityLevel,
  type CapacityResult,
  type CapacityUnit,
} from '../../src/results/capacity-result.ts'
import type { RunResult } from '../../src/results/run-result.ts'
import { cleanText } from '../../src/shared/text.ts'
import type { Page, Paint } from './paint.ts'
import { renderTable, type Cell, type Column } from './table.ts'
import { formatMilliseconds, formatPercent, pickLatencyScale, rateFormatter } from './units.ts'
import { cutEnd, wrapText } from './width.ts'

const marks = { met: '✓', broken: '✗', invalid: '!', interrupted: '!' } as const
const barLength = 10

/** The curve of a capacity search: how the target fared at each level, the lowest first, and which level counts. */
export function renderCapacity({ capacity }: Pick<RunResult, 'capacity'>, page: Page): string[] {
  if (capacity === undefined) return []
  const levels = capacity.levels.toSorted((left, right) => left.level - right.level)
  const counting = levels.findLast(({ level, outcome }) => level === capacity.highest && outcome === 'met')
  const scale = pickLatencyScale(
    levels.map(({ started, p50, p99 }) => ({ count: p99 > 0 ? started : 0, p50, max: p99 })),
  )
  const rate = rateFormatter(levels.map(({ iterationsPerSecond }) => iterationsPerSecond))
  const peak = Math.max(...levels.map(({ p95 }) => p95))
  const columns: Column[] = [
    { title: 'capacity', align: 'left' },
    { title: 'done/s', align: 'right', dispensable: 3 },
    { title: 'failed %', align: 'right' },
    { title: `p50 in ${scale.unit}`, align: 'right', dispensable: 2 },
    { title: 'p95', align: 'right' },
    { title: 'p99', align: 'right', dispensable: 1 },
    { title: '', align: 'left', dispensable: 4 },
    { title: '', align: 'left', cut: 'end' },
  ]
  const rows = levels.map((level): Cell[] => [
    nameCell(capacity.unit, level, page.paint),
    { text: rate(level.iterationsPerSecond) },
    { text: formatPercent(level.errorRatio), color: level.failed > 0 ? page.paint.bad : page.paint.dim },
    ...[level.p50, level.p95, level.p99].map((us) => ({ text: us > 0 ? scale.format(us) : '–' })),
    { text: drawBar(level.p95, peak, page), color: colorOf(level, page.paint) },
    level === counting ? { text: describeCounting(capacity), color: page.paint.strong } : whyCell(level, page.paint),
  ])
  const expectations = renderExpectations(capacity, page)
  return [...renderTable(columns, rows, page), ...(expectations.length > 0 ? ['', ...expectations] : [])]
}

/** One level, in a line of its own as soon as it has ended. */
export function renderLevelLine(scenario: string, unit: CapacityUnit, level: CapacityLevel, page: Page): string[] {
  const { paint, width } = page
  const figures = `p95 ${(level.p95 > 0 ? formatMilliseconds(level.p95) : '–').padStart(9)}   failed ${formatPercent(level.errorRatio).padStart(6)} %`
  const color = colorOf(level, paint) ?? ((text: string) => text)
  const mark = color(marks[level.outcome])
  const name = `${cutEnd(cleanText(scenario), Math.floor(width / 4))}  ${formatLevel(unit, level.level).padStart(9)}`
  const rest = cutEnd(`${figures}   ${describeOutcome(level)}`, Math.max(10, width - name.length - 7))
  return [`  ${mark} ${paint.strong(name)}   ${rest}`]
}

function describeOutcome({ outcome, why }: CapacityLevel): string {
  return outcome === 'met' ? 'met' : `${outcome}: ${cleanText(why ?? '', 300)}`
}

function nameCell(unit: CapacityUnit, level: CapacityLevel, paint: Paint): Cell {
  const color = colorOf(level, paint)
  const text = `${marks[level.outcome]} ${formatLevel(unit, level.level)}`
  if (level.outcome !== 'met') return { text, color }
  return { text, color: (padded) => `${paint.good(marks.met)}${padded.slice(marks.met.length)}` }
}

function colorOf({ outcome }: CapacityLevel, { breach, caution }: Paint): Cell['color'] {
  return { met: undefined, broken: breach, invalid: caution, interrupted: caution }[outcome]
}

function describeCounting({ ended, confirmed }: CapacityResult): string {
  const bound = ended === 'found' ? '◀ capacity' : '◀ at least'
  return confirmed ? bound : `${bound}, met once`
}

function whyCell({ outcome, why }: CapacityLevel, { dim }: Paint): Cell {
  // The figure, without how far it was from its limit.
  return outcome === 'met' ? { text: '' } : { text: cleanText(why ?? '', 200).split(/[,:]/)[0] ?? '', color: dim }
}

/** As long as the latency is near to the highest. */
function drawBar(p95: number, peak: number, { glyphs }: Page): string {
  if (peak <= 0) return ''
  const filled = Math.max(1, Math.round((p95 / peak) * barLength))
  return glyphs.done.repeat(filled).padEnd(barLength)
}

function renderExpectations({ expectations, unit }: CapacityResult, { paint, width }: Page): string[] {
  return expectations.flatMap(({ status, limit, message }) => {
    const [mark, color] = {
      pass: ['✓', paint.good] as const,
      fail: ['✗', paint.breach] as const,
      skipped: ['!', paint.caution] as const,
    }[status]
    const text = status === 'pass' ? `capacity above ${formatLevel(unit, limit)}` : cleanText(message, 600)
    return wrapText(text, width - 4).map((line, index) => `  ${color(index === 0 ? mark : ' ')} ${line}`)
  })
}
