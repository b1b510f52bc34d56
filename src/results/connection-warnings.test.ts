import { expect, it } from 'vitest'
import { createConnectionCounts, type ConnectionCounts } from '../metrics/connection-counts.ts'
import { warnOfConnections } from './connection-warnings.ts'

type Fields = Partial<Omit<ConnectionCounts, 'closed'>> & { readonly closed?: Partial<ConnectionCounts['closed']> }

function warnings(fields: Fields, origin: string = 'http://api'): string[] {
  const counts = createConnectionCounts()
  const { closed, ...rest } = fields
  return warnOfConnections([{ origin, ...counts, ...rest, closed: { ...counts.closed, ...closed } }])
}

it('tells that the server closes connections', () => {
  expect(warnings({ opened: 1250, reused: 50, closed: { server: 1200, end: 50 } })).toMatchInlineSnapshot(`
    [
      "1,200 connections to http://api were closed by the server: 1,250 were opened for 1,300 requests, and a request that opens one pays for connecting. Look at the target's keep-alive settings",
    ]
  `)
})

it('tells that connections were idle for too long', () => {
  expect(warnings({ opened: 300, reused: 50, closed: { idle: 280, end: 20 } })).toMatchInlineSnapshot(`
    [
      "280 connections to http://api were closed while idle, before the server would have done it: 300 were opened for 350 requests, and a request that opens one pays for connecting. Look at the target's keep-alive settings",
    ]
  `)
})

it('says nothing of connections that are used again for most requests, that are few, or that we close', () => {
  expect(warnings({ opened: 150, reused: 5000, closed: { server: 150 } })).toEqual([])
  expect(warnings({ opened: 10, reused: 0, closed: { server: 10 } })).toEqual([])
  expect(warnings({ opened: 1000, reused: 0, closed: { single: 1000 } })).toEqual([])
  expect(warnings({ opened: 1000, reused: 0, closed: { cut: 1000 } })).toEqual([])
})

it('tells how many requests waited for a connection, and how long', () => {
  const wait = { waited: 312, waitedMs: 3837.6, longestWaitMs: 80.4 }
  expect(warnings({ opened: 60, reused: 2000, ...wait }, 'other')).toMatchInlineSnapshot(`
    [
      "312 requests to other origins waited for a connection, 12.3 ms on average and 80.4 ms at most, which is part of their latency",
    ]
  `)
  expect(warnings({ opened: 60, reused: 20_000, ...wait })).toEqual([])
})
