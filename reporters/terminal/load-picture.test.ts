import { describe, expect, it } from 'vitest'
import { plainGlyphs, unicodeGlyphs } from './glyphs.ts'
import { plainPage } from '../fixtures/pages.ts'
import { renderLoadPicture, renderStart } from './load-picture.ts'
import { displayWidth } from './width.ts'

const levels = [0, 1, 12, 25, 50, 75, 100, 100, 50, 0]

describe('renderStart', () => {
  const profile = {
    unit: 'per second',
    levels: Array.from({ length: 60 }, (_, index) => index * 10_000),
    durationMs: 60_000,
  } as const
  const run = { scenario: 'a scenario with a name that goes on and on '.repeat(4), load: 'x'.repeat(200), profile }

  it('fits a narrow terminal', () => {
    const lines = renderStart(run, plainPage(72))
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(72)
    expect(lines).toHaveLength(9)
  })

  it('has nothing to tell of a load that does not change', () => {
    const level = { ...profile, levels: profile.levels.map(() => 5) }
    expect(renderStart({ ...run, profile: level }, plainPage(72))).toEqual([])
  })
})

describe('renderLoadPicture', () => {
  it('draws virtual users over their time', () => {
    expect(renderLoadPicture({ unit: 'VUs', levels, durationMs: 90_000 }, 3, unicodeGlyphs).join('\n'))
      .toMatchInlineSnapshot(`
      "100 VUs       ▂██
                   ▄███▄
                ▁▃▆█████
               0s   1m30s"
    `)
  })

  it('draws rates, also where a terminal has no blocks', () => {
    expect(renderLoadPicture({ unit: 'per second', levels, durationMs: 90_000 }, 2, plainGlyphs).join('\n'))
      .toMatchInlineSnapshot(`
      "100/s       =##
              _.=#####
             0s   1m30s"
    `)
  })

  it('draws what is level, and what ends when it is done', () => {
    const profile = { unit: 'VUs', levels: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], durationMs: undefined } as const
    expect(renderLoadPicture(profile, 1, unicodeGlyphs)).toEqual(['1 VU  ████████████', '      0s  all done'])
  })
})
