import type { Page } from './paint.ts'
import type { Cell } from './table.ts'
import { displayWidth, pad, wrapText } from './width.ts'

/** As wide as the labels of Vitest's own summary, so that both line up. */
const labelWidth = 11
const separator = '   '

/** A labelled line in the manner of Vitest's summary; parts that do not fit go to a line below. Of no parts, none. */
export function renderFact(label: string, parts: readonly Cell[], page: Page): string[] {
  const room = page.width - labelWidth - 2
  const lines: string[][] = []
  let used = 0
  for (const part of parts.filter(({ text }) => text !== '').flatMap((whole) => breakPart(whole, room))) {
    const width = displayWidth(part.text)
    if (lines.length === 0 || used + separator.length + width > room) {
      lines.push([])
      used = 0
    }
    used += width + (used > 0 ? separator.length : 0)
    lines.at(-1)?.push(part.color === undefined ? part.text : part.color(part.text))
  }
  return lines.map(
    (texts, index) => `${page.paint.dim(pad(index === 0 ? label : '', labelWidth, 'right'))}  ${texts.join(separator)}`,
  )
}

function breakPart(part: Cell, room: number): Cell[] {
  return wrapText(part.text, room).map((text) => ({ ...part, text }))
}
