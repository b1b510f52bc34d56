/** How a terminal shows a character. Colours are indices of the sixteen that every terminal has. */
export interface Style {
  readonly color?: number
  readonly background?: number
  readonly bold?: boolean
  readonly dim?: boolean
  readonly italic?: boolean
  readonly underlined?: boolean
  readonly inverse?: boolean
}

/** A stretch of a line in one style. */
export interface Run {
  readonly text: string
  readonly style: Style
}

/** Select Graphic Rendition (ECMA-48, 8.3.117): attributes that a code sets, and those that one takes back. */
const attributes: Readonly<Record<number, Style>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underlined: true },
  7: { inverse: true },
}
const resets: Readonly<Record<number, readonly (keyof Style)[]>> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underlined'],
  27: ['inverse'],
  39: ['color'],
  49: ['background'],
}

// oxlint-disable-next-line no-control-regex -- escape sequences are what is being read
const sequence = /\u001b\[([\d;]*)m|\u001b\[[\d;?]*[A-Za-ln-z]|\u001b\].*?(?:\u0007|\u001b\\)|[^\u001b]+/g

/** Reads lines with the sixteen colours and the attributes of a terminal; other sequences are left out. */
export function parseAnsi(text: string): Run[][] {
  let style: Style = {}
  return text.split('\n').map((line) => {
    const runs: Run[] = []
    for (const [token, codes] of line.matchAll(sequence)) {
      if (codes !== undefined) style = codes.split(';').map(Number).reduce(applyCode, style)
      else if (!token.startsWith('\u001b')) runs.push({ text: token, style })
    }
    return runs
  })
}

function applyCode(style: Style, code: number): Style {
  if (code === 0) return {}
  const set = attributes[code] ?? colorOf(code)
  const taken = new Set<string>(resets[code])
  const kept = Object.entries(style).filter(([name]) => !taken.has(name))
  return { ...Object.fromEntries(kept), ...set }
}

function colorOf(code: number): Style | undefined {
  if (code >= 30 && code <= 37) return { color: code - 30 }
  if (code >= 90 && code <= 97) return { color: code - 82 }
  if (code >= 40 && code <= 47) return { background: code - 40 }
  if (code >= 100 && code <= 107) return { background: code - 92 }
  return undefined
}
