import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { errorCategories } from '../shared/error-category.ts'
import { ErrorTable, type Exemplar } from './error-table.ts'
import { MetricsRegistry } from './registry.ts'

const nowhere = { step: '', request: '' }
const exemplarOf = (vu: number) => (): Exemplar => ({ vu, iteration: 0, seed: 0, rows: {}, response: '' })

describe('ErrorTable', () => {
  it('counts failures of one kind and place in one row', () => {
    const table = new ErrorTable()
    const place = { step: 'pay', request: 'POST /orders' }
    for (const [vu, atMs] of [5, 70, 90].entries())
      table.add({ category: 'reset', message: 'gone' }, place, atMs, exemplarOf(vu))
    expect(table.drain()).toEqual([
      {
        category: 'reset',
        message: 'gone',
        ...place,
        count: 3,
        firstSeenMs: 5,
        lastSeenMs: 90,
        exemplar: exemplarOf(0)(),
      },
    ])
  })

  it('keeps kinds and places apart', () => {
    const table = new ErrorTable()
    const add = (category: 'reset' | 'tls', message: string, step: string, request: string): void =>
      table.add({ category, message }, { step, request }, 0, exemplarOf(0))
    add('reset', 'gone', '', '')
    add('tls', 'gone', '', '')
    add('reset', 'lost', '', '')
    add('reset', 'gone', 'a', '')
    add('reset', 'gone', '', 'a')
    add('reset', 'gone|a', '', '')
    expect(table.drain().map((row) => row.count)).toEqual([1, 1, 1, 1, 1, 1])
  })

  it('gives an exemplar with the first row of its kind only', () => {
    const table = new ErrorTable()
    table.add({ category: 'tls', message: 'x' }, nowhere, 0, exemplarOf(1))
    table.drain()
    table.add({ category: 'tls', message: 'x' }, nowhere, 9, () => expect.fail('asked for a second exemplar'))
    expect(table.drain()).toEqual([
      { category: 'tls', message: 'x', ...nowhere, count: 1, firstSeenMs: 9, lastSeenMs: 9, exemplar: undefined },
    ])
    expect(table.drain()).toEqual([])
  })

  it('gives an exemplar of an iteration also where a hook failed in the same way before', () => {
    const table = new ErrorTable()
    table.add({ category: 'tls', message: 'x' }, { ...nowhere, hook: true }, 0, () => ({
      ...exemplarOf(1)(),
      inHook: true,
    }))
    table.add({ category: 'tls', message: 'x' }, { ...nowhere, hook: false }, 9, exemplarOf(2))
    expect(table.drain()).toMatchObject([
      { category: 'tls', message: 'x', ...nowhere, exemplar: { vu: 1, inHook: true } },
      { category: 'tls', message: 'x', ...nowhere, exemplar: exemplarOf(2)() },
    ])
  })

  it('makes messages safe to print', () => {
    const table = new ErrorTable()
    table.add({ category: 'script', message: '::error::a\nb' }, nowhere, 0, exemplarOf(0))
    expect(table.drain()[0]?.message).toBe('error a b')
  })

  it('shows no credential', () => {
    const table = new ErrorTable()
    const thrown = [
      'refused Bearer abc.def',
      'refused eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc',
      'refused {"password":"secret"}',
      'refused password=secret',
      "refused { password: 'secret' }",
    ]
    for (const message of thrown) table.add({ category: 'script', message }, nowhere, 0, exemplarOf(0))
    expect(table.drain().map((row) => row.message)).toEqual([
      'refused Bearer [redacted]',
      'refused [redacted]',
      'refused {"password":"[redacted]"}',
      'refused password=[redacted]',
      "refused { password: '[redacted]' }",
    ])
  })

  it('keeps nothing alive of a page but what it shows', () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const table = new ErrorTable()
    const fail = (index: number): void => {
      const page = Buffer.alloc(5_000_000, 'x').toString('latin1').replace(/^x/, String(index))
      for (const message of [page, page.slice(0, 700)])
        table.add({ category: 'script', message }, { step: page, request: '' }, 0, exemplarOf(0))
    }
    collect()
    const before = process.memoryUsage().heapUsed
    for (let index = 0; index < 20; index++) fail(index)
    collect()
    expect((process.memoryUsage().heapUsed - before) / 1_000_000).toBeLessThan(20)
    expect(table.drain()).toHaveLength(20)
  })

  it('counts failures that differ in a credential in one row', () => {
    const table = new ErrorTable()
    for (let index = 0; index < 300; index++) {
      const message = `refused password=secret${index}`
      table.add({ category: 'script', message }, nowhere, index, exemplarOf(0))
    }
    expect(table.drain()).toMatchObject([{ message: 'refused password=[redacted]', count: 300 }])
  })

  it("puts what is over the bound into one 'other' row for each category", () => {
    const table = new ErrorTable()
    for (let index = 0; index < 150; index++)
      table.add({ category: 'script', message: `id ${index}` }, { step: 's', request: 'r' }, index, exemplarOf(index))
    table.add({ category: 'tls', message: 'late' }, nowhere, 200, exemplarOf(200))
    table.add({ category: 'script', message: 'id 7' }, { step: 's', request: 'r' }, 201, exemplarOf(201))
    const rows = table.drain()
    expect(rows).toHaveLength(102)
    expect(table.overflowed).toBe(51)
    expect(rows.filter((row) => row.message === 'other')).toEqual([
      {
        category: 'script',
        message: 'other',
        ...nowhere,
        count: 50,
        firstSeenMs: 100,
        lastSeenMs: 149,
        exemplar: exemplarOf(100)(),
      },
      {
        category: 'tls',
        message: 'other',
        ...nowhere,
        count: 1,
        firstSeenMs: 200,
        lastSeenMs: 200,
        exemplar: exemplarOf(200)(),
      },
    ])
    expect(rows.find((row) => row.message === 'id 7')?.count).toBe(2)
  })

  it('stays bounded however many snapshots are taken', () => {
    const table = new ErrorTable()
    const seen = new Set<string>()
    for (let index = 0; index < 1000; index++) {
      for (const category of errorCategories)
        table.add({ category, message: `id ${index}` }, nowhere, index, exemplarOf(0))
      for (const row of table.drain()) seen.add(`${row.category} ${row.message}`)
    }
    expect(seen.size).toBe(100 + errorCategories.length)
  })

  it('reports its overflow through the counters, once', () => {
    const registry = new MetricsRegistry()
    for (let index = 0; index < 103; index++)
      registry.errors.add({ category: 'script', message: `id ${index}` }, nowhere, 0, exemplarOf(0))
    expect(registry.snapshot().counters.overflowed).toBe(3)
    expect(registry.snapshot().counters.overflowed).toBe(0)
  })
})
