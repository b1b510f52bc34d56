import { describe, expect, it } from 'vitest'
import { colorPage, plainPage } from '../fixtures/pages.ts'
import { breached, passing } from '../fixtures/run-results.ts'
import type { SloOutcome } from '../../src/slo/model.ts'
import { renderSlos } from './slos.ts'

const [red, bold, dim] = ['\u001b[31m', '\u001b[1m', '\u001b[2m']

describe('renderSlos', () => {
  it('makes a breach bold and red from its mark to its margin', () => {
    const breach = renderSlos(breached, colorPage).find((line) => line.includes('checkout p(95)'))
    expect(breach?.startsWith(`  ${red}${bold}✗ checkout p(95)`)).toBe(true)
    expect(breach?.split(red)).toHaveLength(5)
  })

  it('subdues what nobody declared, as long as it was met', () => {
    const lines = renderSlos(passing, colorPage)
    expect(lines.find((line) => line.includes('error rate'))).toContain(`${dim} error rate`)
    expect(lines.find((line) => line.includes('checkout'))).not.toContain(dim)
  })

  it('tells of windows in which part a limit was kept, and how far that is from the part wanted', () => {
    const windowed = (share: number, of: SloOutcome): SloOutcome => ({
      ...of,
      slo: { ...of.slo, window: { windowMs: 1000, share } },
      actual: 0.972,
    })
    const [first, second] = passing.slos
    if (first === undefined || second === undefined) throw new Error('There are no objectives.')
    const slos = [
      windowed(0.95, first),
      { ...windowed(0.99, second), status: 'fail' as const },
      { ...first, status: 'fail' as const, endedLoad: true as const },
    ]
    for (const width of [80, 100]) {
      const lines = renderSlos({ ...passing, slos }, plainPage(width))
      expect(lines.slice(1).map((line) => line.trim().split(/ {2,}/).slice(1, 4))).toEqual([
        ['< 300 ms in 95 %', 'in 97.2 %', '2.2 points over'],
        ['< 8,000 ms in 99 %', 'in 97.2 %', '1.8 points under'],
        ['< 300 ms', '88.1 ms', 'ended the load'],
      ])
      expect(lines[1]).toContain('per 1s')
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
    }
  })

  it('writes all latencies in one unit, limits without needless zeros', () => {
    const [, first = '', second = ''] = renderSlos(passing, plainPage(100))
    expect([first, second].map((line) => line.trim().split(/ {2,}/).slice(1))).toEqual([
      ['< 300 ms', '88.1 ms', '211.9 ms under'],
      ['< 8,000 ms', '7,537.0 ms', '463.0 ms under'],
    ])
  })
})
