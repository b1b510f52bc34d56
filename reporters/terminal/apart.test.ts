import { describe, expect, it } from 'vitest'
import type { RunResult } from '../../src/results/run-result.ts'
import { passing } from '../fixtures/run-results.ts'
import { summarise } from '../fixtures/summarise.ts'
import { describeThrottle, describeWarmup } from './apart.ts'
import { createPaint } from './paint.ts'

const warmup: NonNullable<RunResult['warmup']> = {
  durationMs: 5000,
  iterations: { started: 1234, ok: 1230, failed: 3, aborted: 1, dropped: 0 },
  requests: { started: 2468, ok: 2465, failed: 2, aborted: 1 },
  bytes: { sent: 1, received: 1 },
  connections: { opened: 1, reused: 1, closed: 0 },
  errors: 3,
  iterationLatency: summarise(20_000, 1231),
  requestLatency: summarise(10_000, 2466),
}

function textOf(render: typeof describeWarmup, result: Partial<RunResult>): string[] {
  const cells = render({ ...passing, ...result }, createPaint(0))
  return cells.map(({ text }) => text).filter((text) => text !== '')
}

describe('describeWarmup', () => {
  it('tells what the warm-up did and what rates are over', () => {
    expect(textOf(describeWarmup, { warmup })).toMatchInlineSnapshot(`
      [
        "5.0 s left out of the figures",
        "rates over the other 25.0 s",
        "1,234 iterations",
        "4 of them failed or cut",
        "2,468 requests, p95 21.0 ms",
      ]
    `)
  })

  it('is silent where there is none, and short where nothing followed it', () => {
    expect(textOf(describeWarmup, {})).toEqual([])
    const one = {
      ...warmup,
      iterations: { ...warmup.iterations, started: 1 },
      requests: { ...warmup.requests, started: 1 },
    }
    expect(textOf(describeWarmup, { warmup: one })).toEqual(
      expect.arrayContaining(['1 iteration', '1 request, p95 21.0 ms']),
    )
    const dead = { ...one, requestLatency: summarise(0, 0) }
    expect(textOf(describeWarmup, { warmup: dead })).toContain('1 request')
    const idle = { ...warmup, requests: { started: 0, ok: 0, failed: 0, aborted: 0 } }
    expect(textOf(describeWarmup, { warmup: idle, durationMs: 5000 })).toMatchInlineSnapshot(`
      [
        "5.0 s left out of the figures",
        "1,234 iterations",
        "4 of them failed or cut",
      ]
    `)
  })
})

describe('describeThrottle', () => {
  it('tells how long requests were held back', () => {
    expect(textOf(describeThrottle, { throttled: { requests: 1200, waitedMs: 6000 } })).toMatchInlineSnapshot(`
      [
        "1,200 requests held back",
        "5.00 ms each on average, no part of any latency",
      ]
    `)
    expect(textOf(describeThrottle, { throttled: { requests: 0, waitedMs: 0 } })).toEqual(['held no request back'])
    expect(textOf(describeThrottle, {})).toEqual([])
  })
})
