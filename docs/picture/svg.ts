import { displayWidth } from '../../reporters/terminal/width.ts'
import { parseAnsi, type Run, type Style } from './ansi.ts'

/** A dark terminal, whatever page it is shown on: one picture for GitHub's light and dark themes. */
const theme = {
  text: '#d5d9e0',
  window: '#16191f',
  border: '#3a404b',
  title: '#8b93a1',
  buttons: ['#ff5f57', '#febc2e', '#28c840'],
  // Black to white, then the bright ones.
  colors: ['#16191f', '#f2606a', '#7fc86b', '#e6b450', '#6cb0f5', '#c78bf0', '#56c2c9', '#d5d9e0'],
  bright: ['#6b7383', '#ff7b84', '#9be08a', '#ffcf70', '#8cc4ff', '#daa8ff', '#7adbe2', '#ffffff'],
  dimmed: 0.58,
} as const

/** In pixels. A glyph is as wide as in the common monospace fonts; `textLength` makes the others fit. */
const cell = { width: 7.8, height: 18, font: 13 } as const
const margin = { top: 52, right: 20, bottom: 20, left: 18 } as const
const family =
  "ui-monospace, SFMono-Regular, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"

export interface PictureOptions {
  /** Shown in the window's bar. */
  readonly title: string
  /** What the picture shows, for those who do not see it. */
  readonly description: string
  readonly columns: number
}

/** Draws what a terminal shows as an SVG: a window with one line of text for each line. */
export function renderPicture(ansi: string, { title, description, columns }: PictureOptions): string {
  const lines = parseAnsi(ansi.trimEnd())
  const width = Math.ceil(margin.left + columns * cell.width + margin.right)
  const height = margin.top + lines.length * cell.height + margin.bottom
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(description)}">`,
    ...renderWindow(width, height, title),
    `<g font-family="${escapeXml(family)}" font-size="${cell.font}" fill="${theme.text}">`,
    ...lines.flatMap((runs, row) => renderLine(runs, margin.top + row * cell.height)),
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

function renderWindow(width: number, height: number, title: string): string[] {
  const buttons = theme.buttons.map((color, index) => `<circle cx="${22 + index * 20}" cy="20" r="6" fill="${color}"/>`)
  return [
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="${theme.window}" stroke="${theme.border}"/>`,
    ...buttons,
    `<text x="${width / 2}" y="24.5" text-anchor="middle" font-family="${escapeXml(family)}" font-size="12" fill="${theme.title}">${escapeXml(title)}</text>`,
  ]
}

function renderLine(runs: readonly Run[], top: number): string[] {
  let column = 0
  return runs.flatMap((run) => {
    const from = column
    column += displayWidth(run.text)
    return renderRun(run, margin.left + from * cell.width, top)
  })
}

function renderRun({ text, style }: Run, left: number, top: number): string[] {
  const background = style.inverse === true ? (style.color ?? 7) : style.background
  const box = background === undefined ? [] : [renderBox(text, left, top, colorOf(background))]
  return [...box, ...splitRun(text).map((part) => renderPart(part, style, left, top))]
}

interface Part {
  readonly text: string
  /** Columns from the beginning of the run. */
  readonly offset: number
}

/** Words with their own places, because SVG makes one space of many, and blocks by themselves, because they are drawn. */
function splitRun(text: string): Part[] {
  const parts = text.matchAll(/([\u2581-\u2588])\1*|─+|[^\s\u2581-\u2588─]+(?: [^\s\u2581-\u2588─]+)*/gu)
  return [...parts].map((match) => ({ text: match[0], offset: displayWidth(text.slice(0, match.index)) }))
}

function renderPart({ text, offset }: Part, style: Style, left: number, top: number): string {
  const x = round(left + offset * cell.width)
  const width = round(displayWidth(text) * cell.width)
  const block = (text.codePointAt(0) ?? 0) - 0x25_80
  if (block >= 1 && block <= 8) {
    const height = round((cell.height * block) / 8)
    return `<rect x="${x}" y="${round(top + cell.height - height)}" width="${width}" height="${height}" shape-rendering="crispEdges"${describeStyle(style)}/>`
  }
  if (text.startsWith('─'))
    return `<rect x="${x}" y="${round(top + cell.height / 2)}" width="${width}" height="1"${describeStyle(style)}/>`
  const place = `x="${x}" y="${round(top + cell.height * 0.72)}" textLength="${width}"`
  return `<text ${place}${describeStyle(style)}>${escapeXml(text)}</text>`
}

function renderBox(text: string, left: number, top: number, color: string): string {
  const width = round(displayWidth(text) * cell.width)
  return `<rect x="${round(left)}" y="${round(top)}" width="${width}" height="${cell.height}" rx="2" fill="${color}"/>`
}

function describeStyle({ color, bold, dim, italic, underlined, inverse }: Style): string {
  const fill = inverse === true ? theme.window : color === undefined ? undefined : colorOf(color)
  return [
    fill === undefined ? '' : ` fill="${fill}"`,
    bold === true ? ' font-weight="700"' : '',
    dim === true ? ` opacity="${theme.dimmed}"` : '',
    italic === true ? ' font-style="italic"' : '',
    underlined === true ? ' text-decoration="underline"' : '',
  ].join('')
}

function colorOf(index: number): string {
  return [...theme.colors, ...theme.bright][index] ?? theme.text
}

function round(pixels: number): number {
  return Math.round(pixels * 100) / 100
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
