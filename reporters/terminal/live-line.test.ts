import { describe, expect, it } from 'vitest'
import { runningLoad } from '../fixtures/live-progress.ts'
import { renderLiveLine } from './live-line.ts'
import { createPaint } from './paint.ts'
import { displayWidth } from './width.ts'

const line = (progress: Partial<typeof runningLoad> = {}, width = 120, bar = true): string =>
  renderLiveLine({ ...runningLoad, ...progress }, { width, paint: createPaint(0) }, bar)

describe('renderLiveLine', () => {
  it('tells how far the load is and how it goes', () => {
    expect(line()).toMatchInlineSnapshot(
      `"  shopping flow   ▰▰▰▰▰▱▱▱▱▱   15.0 s / 30 s   50 VUs   412 iterations   1,234 req/s   p95 41 ms   errors 0.2 %"`,
    )
    expect(line({}, 120, false)).toMatchInlineSnapshot(
      `"  shopping flow   15.0 s / 30 s   50 VUs   412 iterations   1,234 req/s   p95 41 ms   errors 0.2 %"`,
    )
  })

  it('counts iterations where they decide', () => {
    expect(line({ durationMs: undefined, plannedIterations: 1000 })).toMatchInlineSnapshot(
      `"  shopping flow   ▰▰▰▰▱▱▱▱▱▱   15.0 s   50 VUs   412 / 1,000 iterations   1,234 req/s   p95 41 ms   errors 0.2 %"`,
    )
  })

  it('says what it does not know', () => {
    expect(
      line({ durationMs: undefined, p95: 0, errorRatio: 0, activeVUs: 1, elapsedMs: 75_000 }),
    ).toMatchInlineSnapshot(`"  shopping flow   1:15   1 VU   412 iterations   1,234 req/s   p95 –   errors 0 %"`)
  })

  it('shows the time beyond the plan', () => {
    expect(line({ elapsedMs: 301_000, durationMs: 300_000 })).toMatchInlineSnapshot(
      `"  shopping flow   ▰▰▰▰▰▰▰▰▰▰   5:01 / 5:00   50 VUs   412 iterations   1,234 req/s   p95 41 ms   errors 0.2 %"`,
    )
  })

  it('leaves out the least important first', () => {
    expect([100, 90, 80, 70, 60, 40].map((width) => line({}, width)).join('\n')).toMatchInlineSnapshot(`
      "  shopping flow   ▰▰▰▰▰▱▱▱▱▱   15.0 s / 30 s   50 VUs   1,234 req/s   p95 41 ms   errors 0.2 %
        shopping flow   15.0 s / 30 s   50 VUs   1,234 req/s   p95 41 ms   errors 0.2 %
        shopping flow   15.0 s / 30 s   1,234 req/s   p95 41 ms   errors 0.2 %
        shopping flow   15.0 s / 30 s   p95 41 ms   errors 0.2 %
        shopping flow   15.0 s / 30 s   p95 41 ms   errors 0.2 %
        shoppi… flow   15.0 s / 30 s   errors…"
    `)
  })

  it.for([20, 40, 60, 80, 100])('fits %i columns', (width) => {
    expect(displayWidth(line({ scenario: 'a scenario with a name that goes on and on' }, width))).toBeLessThanOrEqual(
      width,
    )
  })
})
