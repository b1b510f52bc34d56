import { describe, expect, it } from 'vitest'
import { printableLines } from './text-lines.ts'

describe('printableLines', () => {
  it('keeps lines and indentation, and cleans each of them', () => {
    expect(printableLines('{\r\n  "a": \u001b[31m1,\n  ::error::b\n}', 100)).toEqual([
      '{',
      '  "a": 1,',
      '  error b',
      '}',
    ])
  })

  it('hides credentials, known ones and what looks like one', () => {
    const lines = printableLines('a hunter2hunter\n{"password": "x\\ny", "b": 1}\ntoken=abc', 200, ['hunter2hunter'])
    expect(lines).toEqual(['a [redacted]', '{"password": "[redacted]", "b": 1}', 'token=[redacted]'])
  })

  it('cuts after credentials have been found', () => {
    const text = `${'x'.repeat(95)} hunter2hunter`
    expect(printableLines(text, 100, ['hunter2hunter'])).toEqual([`${'x'.repeat(95)} [re…`])
  })
})
