import { describe, expect, it } from 'vitest'
import { colorPage, plainPage } from '../fixtures/pages.ts'
import { breached, passing } from '../fixtures/run-results.ts'
import { renderOverTime } from './over-time.ts'

const draw = (result: Partial<typeof passing>, width = 100): string =>
  renderOverTime({ ...passing, ...result }, plainPage(width)).join('\n')

describe('renderOverTime', () => {
  it('draws rate and latency on one axis', () => {
    expect(draw({})).toMatchInlineSnapshot(`
      "  over time   0 s                                                   30.0 s  peak
        requests/s  ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▇▇▆▆▆▆▆▆    60
        p95 in ms   ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▅▅▅▅▅▅▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇  59.0"
    `)
  })

  it('draws failures where there were any, in the colour of failures only', () => {
    expect(draw(breached, 80)).toMatchInlineSnapshot(`
      "  over time   0:00                                    5:03  peak
        requests/s  ▇▇▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▇    62
        p95 in ms   ▃▄▄▅▅▆▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇  90.0
        failed/s     ▄▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▇   4.8"
    `)
    const [, requests = '', , failed = ''] = renderOverTime(breached, colorPage)
    expect(requests).not.toContain('\u001b')
    expect(failed).toContain('\u001b[31m')
  })

  it('draws virtual users when their number changed before the end', () => {
    const ramp = passing.timeline.map((point) => ({ ...point, activeVUs: point.second + 1 }))
    expect(draw({ timeline: ramp })).toContain('  VUs         ▁▁▁▁')
    const gone = passing.timeline.map((point) => ({ ...point, activeVUs: point.second > 25 ? 1 : 50 }))
    expect(draw({ timeline: gone })).not.toContain('VUs')
  })

  it('draws iterations where there were no requests', () => {
    const timeline = passing.timeline.map((point) => ({ ...point, requests: 0, p95: 0 }))
    expect(
      draw({ timeline })
        .split('\n')
        .map((line) => line.trim().split(' ')[0]),
    ).toEqual(['over', 'iterations/s'])
  })

  it('draws failed iterations where no request failed', () => {
    const timeline = passing.timeline.map((point) => ({ ...point, failedIterations: 2 }))
    expect(draw({ timeline }, 80).split('\n').at(-1)).toMatch(/^ {2}failed iterations\/s {2}▇+ +2\.0$/)
  })

  it('draws nothing of a run of two seconds', () => {
    expect(draw({ timeline: passing.timeline.slice(0, 2), durationMs: 2010 })).toBe('')
    expect(draw({ timeline: [] })).toBe('')
  })
})
