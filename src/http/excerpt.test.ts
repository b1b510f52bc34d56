import { describe, expect, it } from 'vitest'
import { excerptOf } from './excerpt.ts'

const json = { 'content-type': 'application/json' }

describe('excerptOf', () => {
  it('shows the beginning of a text, on one line', () => {
    expect(excerptOf(Buffer.from(`{\n"a": 1\n}${' '.repeat(3)}${'xy '.repeat(300)}`), json)).toMatch(
      /^\{ "a": 1 \} {3}xy xy.*…$/,
    )
    expect(excerptOf(Buffer.from('ü'.repeat(3000)), json)).toHaveLength(200)
    expect(excerptOf(Buffer.alloc(0), json)).toBe('')
  })

  it('describes what is no text', () => {
    expect(excerptOf(Buffer.from([0, 1, 2]), {})).toBe('3 bytes')
    expect(excerptOf(Buffer.from('PNG'), { 'content-type': 'image/png' })).toBe('3 bytes of image/png')
    expect(excerptOf(Buffer.from([0x1f, 0x8b, 0xff, 0x20]), json)).toBe('4 bytes of application/json')
  })

  it('does not show a credential', () => {
    expect(excerptOf(Buffer.from('{"token":"abc","a":1}'), json)).toBe('{"token":"[redacted]","a":1}')
  })

  it('does not show a secret that is cut off', () => {
    const body = Buffer.from(`{"a":"${'x '.repeat(85)}","token":"${'s3cret'.repeat(20)}"}`)
    expect(excerptOf(body, json)).not.toContain('s3cret')
  })
})
