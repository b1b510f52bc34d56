import { describe, expect, it } from 'vitest'
import { createPaint, detectColorLevel } from './paint.ts'

describe('detectColorLevel', () => {
  it('honours NO_COLOR', () => {
    expect(detectColorLevel('stdout', { NO_COLOR: '1', CI: 'true' }, [])).toBe(0)
  })

  it('follows Vitest into colours on CI, unless they were refused', () => {
    expect(detectColorLevel('stdout', { CI: 'true' }, [])).toBeGreaterThan(0)
  })
})

describe('createPaint', () => {
  it('writes a verdict that can be read without colours', () => {
    expect(createPaint(0).badge('fail')).toBe(' FAIL ')
    expect(createPaint(1).badge('fail')).toContain('\u001b[41m')
  })
})
