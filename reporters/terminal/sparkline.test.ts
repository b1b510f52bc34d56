import { expect, it } from 'vitest'
import { unicodeGlyphs } from './glyphs.ts'
import { renderSparkline } from './sparkline.ts'

it('draws from nothing to the peak, and never a little as nothing', () => {
  expect(renderSparkline([0, 0.1, 35, 70, 80], 70, unicodeGlyphs.blocks)).toBe(' ▁▄▇▇')
  expect(renderSparkline([0, 0], 0, unicodeGlyphs.blocks)).toBe('  ')
})
