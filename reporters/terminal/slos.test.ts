import { describe, expect, it } from 'vitest'
import { colorPage, plainPage } from '../fixtures/pages.ts'
import { breached, passing } from '../fixtures/run-results.ts'
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

  it('writes all latencies in one unit, limits without needless zeros', () => {
    const [, first = '', second = ''] = renderSlos(passing, plainPage(100))
    expect([first, second].map((line) => line.trim().split(/ {2,}/).slice(1))).toEqual([
      ['< 300 ms', '88.1 ms', '211.9 ms under'],
      ['< 8,000 ms', '7,537.0 ms', '463.0 ms under'],
    ])
  })
})
