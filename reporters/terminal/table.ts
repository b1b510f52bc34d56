import type { Page } from './paint.ts'
import { cutEnd, cutMiddle, displayWidth, pad } from './width.ts'

/** A text and the colour that its meaning asks for; padding happens before colouring. */
export interface Cell {
  readonly text: string
  readonly color?: ((text: string) => string) | undefined
}

export interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
  /** Gives way when the table is too wide: cut in the middle or at the end. */
  readonly cut?: 'middle' | 'end'
  /** How wide it stays as long as another column can be left out instead. @default 20 */
  readonly readableWidth?: number
  /** Left out when the table is still too wide, the lowest number first. Without one the column stays. */
  readonly dispensable?: number
}

/** A line of cells, one for each column, or a heading over the lines below it. */
export type TableRow = readonly Cell[] | { readonly heading: string }

const indent = '  '
const gap = '  '
/** What names are cut to before columns are left out, and at the very least. */
const readableWidth = 20
const leastWidth = 10

/** Lines of a table with its titles. Columns that hold nothing are left out. */
export function renderTable(columns: readonly Column[], rows: readonly TableRow[], page: Page): string[] {
  const layout = fitColumns(measureColumns(columns, rows), page.width)
  const { dim, strong } = page.paint
  const titles = columns.map((column, index): Cell => ({ text: column.title, color: index === 0 ? strong : dim }))
  return [titles, ...rows].map((row) => {
    if ('heading' in row) return `${indent}${page.paint.dim(cutEnd(row.heading, page.width - indent.length))}`
    return renderRow(row, layout)
  })
}

interface MeasuredColumn extends Column {
  readonly index: number
  readonly width: number
}

function measureColumns(columns: readonly Column[], rows: readonly TableRow[]): MeasuredColumn[] {
  return columns.flatMap((column, index) => {
    const texts = rows.map((row) => ('heading' in row ? '' : (row[index]?.text ?? '')))
    if (texts.every((text) => text === '')) return []
    return [{ ...column, index, width: Math.max(...[column.title, ...texts].map(displayWidth)) }]
  })
}

function fitColumns(columns: readonly MeasuredColumn[], width: number): MeasuredColumn[] {
  let layout = shrinkColumns(columns, width, readableWidthOf)
  while (totalWidth(layout) > width) {
    const [victim] = layout.filter((column) => column.dispensable !== undefined).toSorted(byDispensable)
    if (victim === undefined) return shrinkColumns(layout, width, () => leastWidth)
    const kept = new Set(layout.filter((column) => column !== victim).map((column) => column.index))
    const wide = columns.filter((column) => kept.has(column.index))
    layout = shrinkColumns(wide, width, readableWidthOf)
  }
  return layout
}

function readableWidthOf(column: Column): number {
  return column.readableWidth ?? readableWidth
}

function byDispensable(left: MeasuredColumn, right: MeasuredColumn): number {
  return (left.dispensable ?? 0) - (right.dispensable ?? 0)
}

/** Takes what is too much from the widest column that may be cut, then from the next. */
function shrinkColumns(
  columns: readonly MeasuredColumn[],
  width: number,
  floorOf: (column: Column) => number,
): MeasuredColumn[] {
  let excess = totalWidth(columns) - width
  const widths = new Map(columns.map((column) => [column.index, column.width]))
  const flexible = columns
    .filter((column) => column.cut !== undefined)
    .toSorted((left, right) => right.width - left.width)
  for (const column of flexible) {
    const taken = Math.min(Math.max(0, excess), Math.max(0, column.width - floorOf(column)))
    widths.set(column.index, column.width - taken)
    excess -= taken
  }
  return columns.map((column) => ({ ...column, width: widths.get(column.index) ?? column.width }))
}

function totalWidth(columns: readonly MeasuredColumn[]): number {
  return (
    indent.length +
    columns.reduce((sum, column) => sum + column.width, 0) +
    gap.length * Math.max(0, columns.length - 1)
  )
}

function renderRow(cells: readonly Cell[], layout: readonly MeasuredColumn[]): string {
  const texts = layout.map((column, position) => {
    const cell = cells[column.index] ?? { text: '' }
    const cut = (column.cut === 'end' ? cutEnd : cutMiddle)(cell.text, column.width)
    const isLast = position === layout.length - 1 && column.align === 'left'
    const padded = isLast ? cut : pad(cut, column.width, column.align)
    return cell.color === undefined || cell.text === '' ? padded : cell.color(padded)
  })
  return `${indent}${texts.join(gap)}`.trimEnd()
}
