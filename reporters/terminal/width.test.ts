import { describe, expect, it } from 'vitest'
import { cutEnd, cutMiddle, displayWidth, pad, wrapText } from './width.ts'

describe('width', () => {
  it('counts terminal cells, not characters', () => {
    expect(['abc', '日本', 'e\u0301', '✓ ok', '🚀'].map(displayWidth)).toEqual([3, 4, 1, 4, 2])
  })

  it('cuts at the end or in the middle', () => {
    expect(cutEnd('checkout', 5)).toBe('chec…')
    expect(cutMiddle('POST /orders/:id/pay', 11)).toBe('POST …d/pay')
    expect(cutMiddle('日本語日本語', 7)).toBe('日…語')
    expect(cutMiddle('short', 11)).toBe('short')
  })

  it('pads by cells', () => {
    expect(pad('日', 4, 'right')).toBe('  日')
    expect(pad('日', 4, 'left')).toBe('日  ')
  })

  it('wraps at spaces and cuts words that fit nowhere', () => {
    expect(wrapText('a bb ccc dddddddd', 5)).toEqual(['a bb', 'ccc', 'ddddd', 'ddd'])
    expect(wrapText('', 5)).toEqual([])
  })

  it('keeps a figure with its unit, and a limit with its sign', () => {
    expect(wrapText('it was 6.93 s, wanted < 10 % so', 8)).toEqual(['it was', '6.93 s,', 'wanted', '< 10 %', 'so'])
    expect(wrapText('a 300 µs b 5 should', 8)).toEqual(['a 300 µs', 'b 5', 'should'])
  })

  it('breaks a long word after a slash or a hyphen', () => {
    expect(wrapText('see /usr/local/share/doc/readme.txt', 14)).toEqual([
      'see',
      '/usr/local/',
      'share/doc/',
      'readme.txt',
    ])
    expect(wrapText('a/bbb-bbbbbbbbb c', 5)).toEqual(['a/', 'bbb-', 'bbbbb', 'bbbb', 'c'])
  })
})
