import { describe, expect, it } from 'vitest'
import { runningLoad } from '../fixtures/live-progress.ts'
import { colorPage, plainPage } from '../fixtures/pages.ts'
import { plainGlyphs } from './glyphs.ts'
import { renderLiveLines } from './live-line.ts'
import { displayWidth } from './width.ts'

const line = (progress: Partial<typeof runningLoad> = {}, width = 120, bar = true): string =>
  renderLiveLines([{ ...runningLoad, ...progress }], plainPage(width), bar).join('\n')

describe('renderLiveLines', () => {
  it('tells how far the load is and how it goes', () => {
    expect(line()).toMatchInlineSnapshot(
      `"  shopping flow  ▰▰▰▰▰▱▱▱▱▱  15.0 s / 30 s     50 VUs      412 iterations   1,234 req/s  p95    41.0 ms  errors   0.20 %"`,
    )
    expect(line({}, 120, false)).toMatchInlineSnapshot(
      `"  shopping flow         15.0 s / 30 s     50 VUs      412 iterations   1,234 req/s  p95    41.0 ms  errors   0.20 %"`,
    )
  })

  it('keeps every figure in its place from second to second', () => {
    const seconds = [
      { elapsedMs: 1000, activeVUs: 1, iterations: 0, requestsPerSecond: 3, p95: 0, errorRatio: 0 },
      { elapsedMs: 15_000, iterations: 12_345, requestsPerSecond: 1234, p95: 41_000, errorRatio: 0.00001 },
      { elapsedMs: 31_000, activeVUs: 5000, iterations: 99_999, requestsPerSecond: 20_000, p95: 61e6, errorRatio: 1 },
    ]
    expect(seconds.map((progress) => line(progress)).join('\n')).toMatchInlineSnapshot(`
      "  shopping flow  ▱▱▱▱▱▱▱▱▱▱   1.0 s / 30 s      1 VUs        0 iterations       3 req/s  p95       – ms  errors   0.00 %
        shopping flow  ▰▰▰▰▰▱▱▱▱▱  15.0 s / 30 s     50 VUs   12,345 iterations   1,234 req/s  p95    41.0 ms  errors  <0.01 %
        shopping flow  ▰▰▰▰▰▰▰▰▰▰  31.0 s / 30 s  5,000 VUs   99,999 iterations  20,000 req/s  p95  61,000 ms  errors 100.00 %"
    `)
  })

  it('lines up several loads', () => {
    const loads = [runningLoad, { ...runningLoad, scenario: '日本語', requestsPerSecond: 9 }]
    const [first = '', second = ''] = renderLiveLines(loads, plainPage(120), true)
    expect(displayWidth(first.split('▰')[0] ?? '')).toBe(displayWidth(second.split('▰')[0] ?? ''))
    expect(displayWidth(first)).toBe(displayWidth(second))
  })

  it('counts iterations where they decide', () => {
    expect(line({ durationMs: undefined, plannedIterations: 1000 })).toMatchInlineSnapshot(
      `"  shopping flow  ▰▰▰▰▱▱▱▱▱▱  15.0 s     50 VUs    412 / 1,000 iterations   1,234 req/s  p95    41.0 ms  errors   0.20 %"`,
    )
  })

  it('tells of iterations that were not started, as soon as there are any', () => {
    expect(line({ dropped: 1234 })).toMatch(/errors   0\.20 %  1,234 dropped$/)
    expect(displayWidth(line({ dropped: 1_234_567 }, 80))).toBeLessThanOrEqual(80)
    expect(line({ dropped: 1_234_567 }, 72)).toContain('1,234,567 dropped')
  })

  it('leaves out the least important first', () => {
    expect([100, 90, 80, 70, 60, 40].map((width) => line({}, width)).join('\n')).toMatchInlineSnapshot(`
      "  shopping flow  ▰▰▰▰▰▱▱▱▱▱  15.0 s / 30 s     50 VUs   1,234 req/s  p95    41.0 ms  errors   0.20 %
        shopping flow  ▰▰▰▰▰▱▱▱▱▱  15.0 s / 30 s   1,234 req/s  p95    41.0 ms  errors   0.20 %
        shopping flow  15.0 s / 30 s   1,234 req/s  p95    41.0 ms  errors   0.20 %
        shopping flow  15.0 s / 30 s  p95    41.0 ms  errors   0.20 %
        shopping flow  15.0 s / 30 s  errors   0.20 %
        shoppi… flow  15.0 s / 30 s  errors  …"
    `)
  })

  it('colours errors, and nothing as long as there are none', () => {
    expect(renderLiveLines([runningLoad], colorPage, true).join('')).toContain('\u001b[31m')
    expect(renderLiveLines([{ ...runningLoad, errorRatio: 0 }], colorPage, true).join('')).not.toContain('\u001b[3')
  })

  it('draws a plain bar where a terminal has no other', () => {
    expect(renderLiveLines([runningLoad], { ...plainPage(120), glyphs: plainGlyphs }, true).join('')).toContain(
      '  #####-----  ',
    )
  })

  it.for([20, 40, 60, 80, 100])('fits %i columns', (width) => {
    expect(displayWidth(line({ scenario: 'a scenario with a name that goes on and on' }, width))).toBeLessThanOrEqual(
      width,
    )
  })
})
