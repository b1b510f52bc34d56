const zeroWidth = /[\p{Mn}\p{Me}\p{Cf}]/u
const doubleWidth =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u

/** How many terminal cells a text without colours takes. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

function characterWidth(character: string): number {
  if (character < '\u0300') return 1
  if (zeroWidth.test(character)) return 0
  return doubleWidth.test(character) ? 2 : 1
}

/** Cuts to `width` cells; the end gives way to an ellipsis. */
export function cutEnd(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  return `${takeStart(text, width - 1)}…`
}

/** Cuts to `width` cells; the middle gives way, because names differ at both ends. */
export function cutMiddle(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  const head = Math.ceil((width - 1) / 2)
  const tail = takeStart([...text].toReversed().join(''), width - 1 - head)
  return `${takeStart(text, head)}…${[...tail].toReversed().join('')}`
}

function takeStart(text: string, width: number): string {
  let taken = ''
  let used = 0
  for (const character of text) {
    used += characterWidth(character)
    if (used > width) break
    taken += character
  }
  return taken
}

/** The text and the spaces that make it `width` cells wide. */
export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const spaces = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return align === 'left' ? `${text}${spaces}` : `${spaces}${text}`
}

/** A space that ends a line: none between a sign and a number, or a number and its unit. */
const breakable = /(?<![<>]) (?!(?:[µm]?s|%)(?![\p{L}\d]))/u

/** Breaks a sentence at its spaces; a longer word is cut into pieces, where it can be after a slash or a hyphen. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(breakable)) {
    const [first = '', ...more] = splitWord(word, width)
    if (line !== '' && displayWidth(line) + 1 + displayWidth(first) > width) {
      lines.push(line.trimEnd())
      line = first
    } else {
      line = line === '' ? first : `${line} ${first}`
    }
    for (const piece of more) {
      lines.push(line)
      line = piece
    }
  }
  return line === '' ? lines : [...lines, line]
}

function splitWord(word: string, width: number): string[] {
  const pieces: string[] = []
  let rest = word
  while (displayWidth(rest) > width) {
    const most = takeStart(rest, width) || rest
    const end = most.lastIndexOf('/') + 1 || most.lastIndexOf('-') + 1 || most.length
    pieces.push(most.slice(0, end))
    rest = rest.slice(end)
  }
  return [...pieces, rest]
}
