import { expect, it } from 'vitest'
import { MetricsRegistry } from '../metrics/registry.ts'
import { mergePhases } from './merge-phases.ts'
import { RunTotals } from './run-totals.ts'

function requestsOf(record: (metrics: MetricsRegistry) => void): ReturnType<RunTotals['series']> {
  const totals = new RunTotals()
  const metrics = new MetricsRegistry()
  record(metrics)
  totals.add(0, metrics.snapshot())
  return totals.series('request')
}

it('makes one distribution of the phases of all series, not a mean of their percentiles', () => {
  const requests = requestsOf((metrics) => {
    const often = metrics.series('request', 'often', ['connecting', 'waiting'])
    for (let count = 0; count < 990; count++) often.recordPhases(Float64Array.of(count === 0 ? 50 : -1, 100))
    const rare = metrics.series('request', 'rare', ['connecting', 'waiting'])
    for (let count = 0; count < 10; count++) rare.recordPhases(Float64Array.of(-1, 10_000))
  })
  const { phases } = mergePhases(requests)
  expect(phases).toMatchObject({
    connecting: { count: 1, p50: 50, max: 50 },
    waiting: { count: 1000, p50: 100, p95: 100, p99: 100, max: 10_000 },
  })
  expect(Object.keys(phases ?? {})).toEqual(['connecting', 'waiting'])
})

it('joins the phases of several protocols by name', () => {
  const requests = requestsOf((metrics) => {
    metrics.series('request', 'GET /', ['connecting', 'waiting']).recordPhases(Float64Array.of(10, 20))
    metrics.series('request', 'redis GET', ['waiting', 'unused']).recordPhases(Float64Array.of(30, -1))
  })
  expect(mergePhases(requests).phases).toMatchObject({ connecting: { count: 1 }, waiting: { count: 2, max: 30 } })
  expect(mergePhases(requests).phases).not.toHaveProperty('unused')
})

it('tells nothing where there is nothing', () => {
  expect(mergePhases(requestsOf(() => {}))).toEqual({})
  expect(mergePhases(requestsOf((metrics) => metrics.series('request', 'GET /', ['waiting']).record(1, 5)))).toEqual({})
})
