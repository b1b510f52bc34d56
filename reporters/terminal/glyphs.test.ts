import { expect, it } from 'vitest'
import { detectGlyphs, plainGlyphs, unicodeGlyphs } from './glyphs.ts'

it.for([
  [{ TERM: 'xterm-256color' }, 'linux', unicodeGlyphs],
  [{ TERM: 'linux' }, 'linux', plainGlyphs],
  [{}, 'win32', plainGlyphs],
  [{ CI: 'true' }, 'win32', unicodeGlyphs],
  [{ WT_SESSION: '1' }, 'win32', unicodeGlyphs],
] as const)('knows what %j can draw on %s', ([env, platform, glyphs]) => {
  expect(detectGlyphs(env, platform)).toBe(glyphs)
})
