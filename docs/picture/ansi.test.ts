import { describe, expect, it } from 'vitest'
import { parseAnsi } from './ansi.ts'

describe('parseAnsi', () => {
  it('reads colours and attributes, also several at once and across lines', () => {
    expect(parseAnsi('a\u001b[1;31mb\nc\u001b[0md\u001b[97;42me')).toEqual([
      [
        { text: 'a', style: {} },
        { text: 'b', style: { bold: true, color: 1 } },
      ],
      [
        { text: 'c', style: { bold: true, color: 1 } },
        { text: 'd', style: {} },
        { text: 'e', style: { color: 15, background: 2 } },
      ],
    ])
  })

  it('takes back what a code ends, and nothing else', () => {
    const styles = parseAnsi('\u001b[1;2;4;33;44mx\u001b[22mx\u001b[24;39mx\u001b[49mx\u001b[7mx\u001b[mx')[0]?.map(
      ({ style }) => style,
    )
    expect(styles).toEqual([
      { bold: true, dim: true, underlined: true, color: 3, background: 4 },
      { underlined: true, color: 3, background: 4 },
      { background: 4 },
      {},
      { inverse: true },
      {},
    ])
  })

  it('leaves other sequences out', () => {
    expect(
      parseAnsi('a\u001b[2K\u001b[1A\u001b[?25l\u001b]0;title\u0007b')
        .flat()
        .map(({ text }) => text),
    ).toEqual(['a', 'b'])
  })
})
