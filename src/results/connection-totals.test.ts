import { describe, expect, it } from 'vitest'
import { maxOrigins, otherName } from '../metrics/bounds.ts'
import { createConnectionCounts, type ConnectionCounts } from '../metrics/connection-counts.ts'
import type { OriginReport } from '../metrics/connection-table.ts'
import { ConnectionTotals } from './connection-totals.ts'

function counts(fields: Partial<ConnectionCounts>): ConnectionCounts {
  return { ...createConnectionCounts(), ...fields }
}

function report(origin: string, measured: Partial<ConnectionCounts>, warmup?: Partial<ConnectionCounts>): OriginReport {
  const own = { origin, measured: counts(measured) }
  return warmup === undefined ? own : { ...own, warmup: counts(warmup) }
}

describe('ConnectionTotals', () => {
  it('adds up what threads count, and what they have at once', () => {
    const totals = new ConnectionTotals()
    const peaks = { peakOpen: 5, peakInUse: 3, peakWaiting: 1 }
    expect(totals.add(0, 0, [report('a', { opened: 5, waited: 2, longestWaitMs: 8, ...peaks })])).toEqual({
      open: 5,
      inUse: 3,
      waiting: 1,
      opened: 5,
    })
    expect(totals.add(1, 0, [report('a', { opened: 4, longestWaitMs: 3, peakOpen: 4 })])).toEqual({
      open: 9,
      inUse: 3,
      waiting: 1,
      opened: 4,
    })
    expect(totals.add(0, 0, [report('a', { reused: 7, peakOpen: 2 })])).toEqual({
      open: 6,
      inUse: 0,
      waiting: 0,
      opened: 0,
    })
    expect(totals.origins()).toMatchObject([
      { origin: 'a', opened: 9, reused: 7, waited: 2, longestWaitMs: 8, peakOpen: 9, peakInUse: 3, peakWaiting: 1 },
    ])
  })

  it('forgets what a thread had open when it reports nothing of it, or has ended', () => {
    const totals = new ConnectionTotals()
    totals.add(0, 0, [report('a', { opened: 5, peakOpen: 5 })])
    totals.add(1, 0, [report('a', { opened: 5, peakOpen: 5 })])
    totals.leave(1)
    expect(totals.add(0, 1, [report('a', { peakOpen: 4 })])).toMatchObject({ open: 9 })
    expect(totals.add(0, 2, [report('a', { peakOpen: 4 })])).toMatchObject({ open: 4 })
    expect(totals.add(0, 3, [])).toMatchObject({ open: 0 })
    expect(totals.origins()).toMatchObject([{ peakOpen: 10 }])
  })

  it('tells of the warm-up over time only', () => {
    const totals = new ConnectionTotals()
    expect(totals.add(0, 0, [report('a', {}, { opened: 8, peakOpen: 8 })])).toMatchObject({ open: 8, opened: 8 })
    expect(totals.origins()).toEqual([])
    totals.add(0, 0, [report('a', { reused: 3, peakOpen: 6 })])
    expect(totals.origins()).toMatchObject([{ opened: 0, reused: 3, peakOpen: 6 }])
  })

  it('leaves out origins to which nothing was ever connected', () => {
    const totals = new ConnectionTotals()
    totals.add(0, 0, [report('offline', { waited: 3, peakWaiting: 3 }), report('refused', { failed: 2 })])
    expect(totals.origins().map(({ origin }) => origin)).toEqual(['refused'])
  })

  it('is bounded, whatever origins threads keep apart', () => {
    const totals = new ConnectionTotals()
    for (let thread = 0; thread < 8; thread++) {
      const reports = Array.from({ length: maxOrigins }, (_, index) =>
        report(`http://${thread}-${index}`, { opened: 1, peakOpen: 1 }),
      )
      totals.add(thread, 0, reports)
    }
    const origins = totals.origins()
    expect(origins).toHaveLength(maxOrigins + 1)
    expect(origins.at(-1)).toMatchObject({ origin: otherName, opened: 7 * maxOrigins, peakOpen: 7 * maxOrigins })
  })
})
