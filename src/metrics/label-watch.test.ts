import { expect, it } from 'vitest'
import { LabelWatch, type LabelledRequest, type LabelledRequests } from './label-watch.ts'
import { MetricsRegistry } from './registry.ts'
import { outcomes } from './series.ts'

const everything = { request: undefined, step: undefined, isRate: false } as const

function watch(...all: (Partial<LabelledRequests> & Pick<LabelledRequests, 'key' | 'where'>)[]) {
  const registry = new MetricsRegistry()
  const labels = new LabelWatch(
    registry,
    all.map((requests) => ({ ...everything, ...requests })),
  )
  const note = (request: Partial<LabelledRequest>): void =>
    labels.note({
      name: 'GET /x',
      step: '',
      labels: { method: 'GET', status: 200, tags: undefined },
      outcome: outcomes.ok,
      error: '',
      durationUs: 1000,
      serviceUs: 900,
      endedAtMs: 5,
      ...request,
    })
  /** Recorded as ok and as failed, by key. */
  const counts = (): [string, number, number][] =>
    all.map(({ key }) => {
      const { parts } = registry.series('labelled', key)
      return [key, parts[outcomes.ok]?.count ?? 0, parts[outcomes.failed]?.count ?? 0]
    })
  return { labels, note, counts }
}

it('measures the requests that have all labels', () => {
  const gold = { tags: { tenant: 'gold' } }
  const { note, counts } = watch(
    { key: 'gold', where: gold },
    { key: 'gold posts', where: { ...gold, method: 'POST' } },
    { key: 'of x', where: gold, request: 'GET /x' },
    { key: 'of pay', where: gold, step: 'pay' },
  )
  const labels = (method: string, tenant: string) => ({ method, status: 200, tags: { tenant, other: 'y' } })
  note({ labels: labels('GET', 'gold') })
  note({ labels: labels('POST', 'gold'), name: 'POST /y', step: 'pay > card' })
  note({ labels: labels('GET', 'silver'), step: 'pay' })
  note({})
  expect(counts()).toEqual([
    ['gold', 2, 0],
    ['gold posts', 1, 0],
    ['of x', 1, 0],
    ['of pay', 1, 0],
  ])
})

it('measures by what came of a request: a class of statuses, one of them, a failure', () => {
  const { note, counts } = watch(
    { key: '2xx', where: { status: '2xx' } },
    { key: '404', where: { status: '404' } },
    { key: 'rate of 5xx', where: { status: '5xx' }, isRate: true },
    { key: 'rate of timeouts', where: { error: 'timeout' }, isRate: true },
  )
  const answer = (status: number, error: string = '') =>
    note({ labels: { method: 'GET', status, tags: undefined }, outcome: error === '' ? 0 : 1, error })
  for (const status of [200, 204, 404]) answer(status)
  answer(503, 'http_5xx')
  answer(404, 'http_4xx')
  answer(0, 'timeout')
  expect(counts()).toEqual([
    ['2xx', 2, 0],
    ['404', 1, 1],
    ['rate of 5xx', 5, 1],
    ['rate of timeouts', 5, 1],
  ])
})

it('tells each value of a label that is asked for once, and not more than are read', () => {
  const { labels, note } = watch({ key: 'gold', where: { status: '2xx', tags: { tenant: 'gold' } } })
  const tags = (tenant: string) => ({ labels: { method: 'GET', status: 0, tags: { tenant, id: tenant } } })
  note(tags('silver'))
  note(tags('silver'))
  expect(labels.drainSeen()).toEqual([
    ['status', 'none'],
    ['tag tenant', 'silver'],
  ])
  for (let index = 0; index < 100; index++) note(tags(`tenant ${index}`))
  expect(labels.drainSeen()).toHaveLength(19)
})
