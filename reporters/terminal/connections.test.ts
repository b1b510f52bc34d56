import { describe, expect, it } from 'vitest'
import { disconnected, kept, origin } from '../fixtures/connected.ts'
import { colorPage, plainPage } from '../fixtures/pages.ts'
import { outcome, p } from '../fixtures/result-parts.ts'
import { passing } from '../fixtures/run-results.ts'
import { describePhases, renderAllPhases } from './all-phases.ts'
import { renderConnections } from './connections.ts'
import { renderReport } from './report.ts'
import { displayWidth } from './width.ts'

const page = plainPage(100)
const tooSlow = outcome('fail', { kind: 'scenario' }, p(95), { kind: 'below', limit: 10_000 }, 23_500)

describe('connections', () => {
  it('are a table where there is something to tell', () => {
    expect(renderConnections(disconnected, page).join('\n')).toMatchInlineSnapshot(`
      "  connections                 opened  reused  failed  server closed  broken  cut  idle  peak  waited
        http://127.0.0.1:3000           50   1,598                                              50
        https://image….example.com   1,250      50                  1,200       3               50
        https://search.example.com      50   1,598      12                           7          50     312
        other                        2,000       0                                       900    50"
    `)
  })

  it('are left to the line on the network where one origin was connected to, and nothing happened', () => {
    expect(renderConnections(kept, page)).toEqual([])
    expect(renderConnections(passing, page)).toEqual([])
    const few = [origin('http://a', {}, { idle: 1, cut: 1 })]
    expect(renderConnections({ connections: { ...kept.connections, origins: few } }, page)).toEqual([])
  })

  it('are coloured where something went wrong', () => {
    const lines = renderConnections(disconnected, colorPage)
    expect(lines.find((line) => line.includes('search'))).toContain('\u001b[31m')
    expect(lines.find((line) => line.includes('https://image'))).toContain('\u001b[33m')
    const harmless = lines.find((line) => line.includes('127.0.0.1')) ?? ''
    expect(['\u001b[31m', '\u001b[33m'].filter((color) => harmless.includes(color))).toEqual([])
  })

  it.for([72, 80, 100, 120])('fit %i columns', (width) => {
    const lines = renderReport({ result: disconnected, resultFile: 'r.json' }, plainPage(width))
    const ours = lines.slice(
      lines.findIndex((line) => line.startsWith('  connections')),
      lines.findIndex((line) => line.includes('checks')),
    )
    expect(ours.length).toBeGreaterThan(10)
    expect(ours.filter((line) => displayWidth(line) > width)).toEqual([])
  })
})

describe('phases of all requests', () => {
  it('are a line', () => {
    expect(renderAllPhases(kept, page)).toEqual([])
    expect(describePhases(kept, page.paint).map(({ text }) => text)).toMatchInlineSnapshot(`
      [
        "p95 of",
        "waiting 23.5 ms",
      ]
    `)
  })

  it('are a table where a latency was too high, or there is something about connections', () => {
    const slow = { ...kept, slos: [tooSlow] }
    expect(describePhases(slow, page.paint)).toEqual([])
    expect(renderAllPhases(slow, page).join('\n')).toMatchInlineSnapshot(`
      "  phases of all requests in ms  count    p50    p90    p95    p99    max
        blocked                       1,648   0.02   0.03   0.04   0.06   0.08
        dns                              50   0.18   0.31   0.38          0.74
        connecting                       50   0.41   0.70   0.86          1.68
        sending                       1,648   0.03   0.05   0.06   0.09   0.12
        waiting                       1,648  11.20  19.04  23.52  33.60  45.92
        receiving                     1,648   0.40   0.68   0.84   1.20   1.64"
    `)
    expect(renderAllPhases(disconnected, page)).toEqual(renderAllPhases(slow, page))
  })

  it('are nothing where there was no request', () => {
    expect(describePhases(passing, page.paint)).toEqual([])
    expect(renderAllPhases({ ...passing, slos: [tooSlow] }, page)).toEqual([])
  })

  it('are nothing where handlers answered in place of a network', () => {
    const { origins: _origins, ...connections } = kept.connections
    const offline = { ...kept, connections, offline: 'handlers.ts' }
    expect(describePhases(offline, page.paint)).toEqual([])
    expect(renderAllPhases({ ...offline, slos: [tooSlow] }, page)).toEqual([])
  })
})
