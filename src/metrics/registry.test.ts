import { describe, expect, it } from 'vitest'
import { createCounters } from './counters.ts'
import { otherName, shortName } from './bounds.ts'
import { MetricsRegistry } from './registry.ts'
import { outcomes, seriesParts } from './series.ts'
import { decodeSeries } from './snapshot.ts'

const nothing = { counters: createCounters(), checks: [], errors: [], definitions: [] }
const exemplar = { vu: 1, iteration: 0, seed: 0, rows: {}, response: '' }

describe('a snapshot', () => {
  it('holds nothing when nothing happened', () => {
    const registry = new MetricsRegistry()
    registry.series('step', 'login').record(outcomes.ok, 5)
    registry.check('is fine', '', true)
    registry.counters.bytesSent = 5
    registry.errors.add({ category: 'tls', message: 'x' }, { step: '', request: '' }, 0, () => exemplar)
    registry.snapshot()
    expect(registry.snapshot()).toEqual({ ...nothing, cells: new Uint32Array(), totals: new Float64Array() })
  })

  it('holds only the parts that changed', () => {
    const registry = new MetricsRegistry()
    const login = registry.series('step', 'login')
    const browse = registry.series('request', 'GET /', ['waiting', 'receiving'])
    login.record(outcomes.ok, 100)
    browse.record(outcomes.timeout, 7)
    expect(registry.snapshot().definitions).toEqual([login.definition, browse.definition])
    browse.record(outcomes.failed, 9)
    browse.recordService(8)
    browse.recordPhases(Float64Array.of(-1, 3))
    const snapshot = registry.snapshot()
    const deltas = [...decodeSeries(snapshot)].map(({ cells: _cells, ...delta }) => delta)
    const once = (part: number, value: number) => ({
      seriesId: 1,
      part,
      count: 1,
      sum: value,
      min: value,
      max: value,
      clamped: 0,
    })
    expect(snapshot.definitions).toEqual([])
    expect(deltas).toEqual([once(seriesParts.failed, 9), once(seriesParts.service, 8), once(6, 3)])
  })

  it('counts checks by name and step', () => {
    const registry = new MetricsRegistry()
    for (const passed of [true, false, true]) registry.check('has items', 'browse', passed)
    registry.check('has items', '', false)
    const [first, second] = [registry.snapshot(), registry.snapshot()]
    expect(first.checks).toEqual([
      { name: 'has items', step: 'browse', passed: 2, failed: 1 },
      { name: 'has items', step: '', passed: 0, failed: 1 },
    ])
    expect(second.checks).toEqual([])
    registry.check('has items', '', true)
    expect(registry.snapshot().checks).toEqual([{ name: 'has items', step: '', passed: 1, failed: 0 }])
    expect(first.checks[1]?.passed).toBe(0)
  })

  it('has counters of its own', () => {
    const registry = new MetricsRegistry()
    registry.counters.requestsStarted += 3
    const first = registry.snapshot()
    registry.counters.requestsStarted += 1
    expect([first.counters.requestsStarted, registry.snapshot().counters.requestsStarted]).toEqual([3, 1])
  })
})

describe('MetricsRegistry', () => {
  it('gives the same series for the same kind and name', () => {
    const registry = new MetricsRegistry()
    expect(registry.series('step', 'a')).toBe(registry.series('step', 'a'))
    expect(registry.series('request', 'a')).not.toBe(registry.series('step', 'a'))
  })

  it("puts series over the bound into 'other' of their kind and counts them", () => {
    const registry = new MetricsRegistry()
    for (let index = 0; index < 250; index++) registry.series('request', `GET /${index}`)
    const over = registry.series('request', 'GET /250')
    expect(over.definition).toMatchObject({ kind: 'request', name: otherName })
    expect(registry.series('request', 'GET /251')).toBe(over)
    expect(registry.series('request', 'GET /7').definition.name).toBe('GET /7')
    expect(registry.series('step', 'late').definition.name).toBe('late')
    const { definitions, counters } = registry.snapshot()
    expect(definitions).toHaveLength(252)
    expect(counters.overflowed).toBe(2)
  })

  it('keeps a name apart that has a place, also over the bound', () => {
    const registry = new MetricsRegistry()
    registry.reserve('request', 'GET /judged')
    for (let index = 0; index < 300; index++) registry.series('request', `GET /${index}`)
    expect(registry.series('request', 'GET /judged').definition.name).toBe('GET /judged')
  })

  it("puts checks over the bound into 'other' of their step and counts them", () => {
    const registry = new MetricsRegistry()
    for (let index = 0; index < 205; index++) registry.check(`check ${index}`, 'step', index % 2 === 0)
    const { checks, counters } = registry.snapshot()
    expect(checks).toHaveLength(201)
    expect(checks.at(-1)).toEqual({ name: otherName, step: 'step', passed: 3, failed: 2 })
    expect(counters.overflowed).toBe(5)
  })

  it("puts checks of too many steps into one 'other', also those that are called so", () => {
    const registry = new MetricsRegistry()
    for (let index = 0; index < 1000; index++)
      registry.check(index % 2 === 0 ? 'fine' : otherName, `step ${index}`, true)
    const { checks } = registry.snapshot()
    expect(checks).toHaveLength(401)
    expect(checks.at(-1)).toEqual({ name: otherName, step: '', passed: 600, failed: 0 })
  })

  describe('over the bound of checks', () => {
    const crowded = (...reserved: string[]): MetricsRegistry => {
      const registry = new MetricsRegistry()
      for (const name of reserved) registry.reserve('step', name)
      for (let index = 0; index < 450; index++) registry.check('fine', `step ${index}`, true)
      registry.snapshot()
      return registry
    }

    it('keeps those of a reserved step, and of what is nested in it, in that step', () => {
      const registry = crowded('pay', 'pay > card')
      for (const step of ['pay', 'pay > form', 'pay > card', 'pay > card > 1', 'payment']) {
        registry.check('paid', step, false)
      }
      expect(registry.snapshot().checks).toEqual([
        { name: otherName, step: '', passed: 0, failed: 1 },
        { name: otherName, step: 'pay', passed: 0, failed: 2 },
        { name: otherName, step: 'pay > card', passed: 0, failed: 2 },
      ])
    })

    it('adds one row for a reserved step, however many steps are nested in it', () => {
      const registry = crowded('pay')
      for (let index = 0; index < 1000; index++) registry.check(`paid ${index}`, `pay > ${index}`, false)
      expect(registry.snapshot().checks).toEqual([{ name: otherName, step: 'pay', passed: 0, failed: 1000 }])
    })

    it.for([196, 197, 198, 199, 200, 201, 300])('keeps those of a step with a name of %i characters', (length) => {
      const name = 'x'.repeat(length)
      const registry = crowded(name)
      registry.check('paid', name, false)
      registry.check('paid', `${name} > card`, false)
      const { checks } = registry.snapshot()
      expect(checks).toEqual([{ name: otherName, step: shortName(name), passed: 0, failed: 2 }])
    })
  })

  it('cuts long names, and takes those that agree up to there for one', () => {
    const registry = new MetricsRegistry()
    const long = 'x'.repeat(5_000_000)
    const series = registry.series('step', `${long}1`)
    expect(series.definition.name).toBe(`${'x'.repeat(199)}…`)
    expect(registry.series('step', `${long}2`)).toBe(series)
    registry.check(long, long, true)
    registry.errors.add({ category: 'script', message: long }, { step: long, request: long }, 0, () => exemplar)
    const { checks, errors } = registry.snapshot()
    expect(JSON.stringify([checks, errors]).length).toBeLessThan(1500)
  })

  it('makes text of names that are none, so that they can be sent to another thread', () => {
    const registry = new MetricsRegistry()
    for (const name of [() => 1, Symbol('a'), undefined, 5]) {
      registry.series('step', name as unknown as string)
      registry.check(name as unknown as string, '', true)
    }
    const { definitions, checks } = structuredClone(registry.snapshot())
    const names = ['() => 1', 'Symbol(a)', 'undefined', '5']
    expect(definitions.map(({ name }) => name)).toEqual(names)
    expect(checks.map(({ name }) => name)).toEqual(names)
  })
})
