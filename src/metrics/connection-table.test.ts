import { describe, expect, it } from 'vitest'
import { maxOrigins, otherName } from './bounds.ts'
import { RunMetrics } from './run-metrics.ts'

const quiet = { opened: 0, reused: 0, failed: 0, waited: 0, waitedMs: 0, longestWaitMs: 0 }

describe('ConnectionTable', () => {
  it('counts in its origin and in all', () => {
    const metrics = new RunMetrics()
    const [one, two] = [metrics.connections.of('http://a'), metrics.connections.of('http://b')]
    expect(metrics.connections.of('http://a')).toBe(one)
    one.opened()
    one.reused()
    one.failed()
    two.opened()
    two.closed('server')
    expect(metrics.measured.counters).toMatchObject({
      connectionsOpened: 2,
      connectionsReused: 1,
      connectionsClosed: 1,
    })
    const reports = structuredClone(metrics.connections.drain())
    expect(reports).toMatchObject([
      { origin: 'http://a', measured: { opened: 1, reused: 1, failed: 1, closed: { server: 0 }, peakOpen: 1 } },
      { origin: 'http://b', measured: { opened: 1, reused: 0, failed: 0, closed: { server: 1 }, peakOpen: 1 } },
    ])
  })

  it('reports the most at once since the last report, and what is still there', () => {
    const metrics = new RunMetrics()
    const origin = metrics.connections.of('http://a')
    for (let count = 0; count < 3; count++) {
      origin.opened()
      origin.taken()
      origin.waits()
    }
    origin.closed('end')
    origin.freed()
    origin.waited(30)
    origin.waited(10)
    const peaks = { peakOpen: 3, peakInUse: 3, peakWaiting: 3 }
    expect(metrics.connections.drain()).toMatchObject([
      { measured: { opened: 3, waited: 2, waitedMs: 40, longestWaitMs: 30, ...peaks } },
    ])
    expect(metrics.connections.drain()).toMatchObject([
      { measured: { ...quiet, peakOpen: 2, peakInUse: 2, peakWaiting: 1 } },
    ])
    origin.closed('end')
    origin.freed()
    expect(metrics.connections.drain()).toMatchObject([{ measured: { ...quiet, peakOpen: 2, peakInUse: 2 } }])
  })

  it('reports nothing of an origin to which nothing is open', () => {
    const metrics = new RunMetrics()
    const origin = metrics.connections.of('http://a')
    expect(metrics.connections.drain()).toEqual([])
    origin.opened()
    origin.closed('idle')
    expect(metrics.connections.drain()).toHaveLength(1)
    expect(metrics.connections.drain()).toEqual([])
  })

  it('counts apart what takes place in the warm-up, of which connections stay open', () => {
    const metrics = new RunMetrics()
    const origin = metrics.connections.of('http://a')
    metrics.present = metrics.warmup
    origin.opened()
    origin.opened()
    metrics.present = metrics.measured
    origin.reused()
    origin.closed('end')
    expect(metrics.warmup.counters.connectionsOpened).toBe(2)
    expect(metrics.connections.drain()).toMatchObject([
      {
        measured: { opened: 0, reused: 1, closed: { end: 1 }, peakOpen: 2 },
        warmup: { opened: 2, reused: 0, closed: { end: 0 }, peakOpen: 2 },
      },
    ])
    expect(metrics.connections.drain()[0]).not.toHaveProperty('warmup')
  })

  it('keeps only so many origins apart', () => {
    const metrics = new RunMetrics()
    for (let index = 0; index < 100; index++) metrics.connections.of(`http://host-${index}`).opened()
    const reports = metrics.connections.drain()
    expect(reports).toHaveLength(maxOrigins + 1)
    expect(reports.at(-1)).toMatchObject({ origin: otherName, measured: { opened: 100 - maxOrigins } })
    expect(metrics.measured.counters.connectionsOpened).toBe(100)
  })
})
