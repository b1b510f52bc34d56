import { describe, expectTypeOf, it } from 'vitest'
import {
  type Duration,
  expectChecks,
  expectErrorRate,
  expectLatency,
  expectThroughput,
  LoadError,
  type LoadErrorCode,
  type Rate,
  type Ratio,
  run,
  type RunResult,
  type RunSummary,
  scenario,
  type SloBounds,
  type SloOptions,
  type SloTargetHandle,
} from 'vitest-load'

const anything = (): unknown => undefined
const shop = scenario('shop', anything)

describe('an objective', () => {
  it('has a limit in the unit of its figure', () => {
    expectTypeOf(expectLatency(shop).p(99.9)).toEqualTypeOf<SloBounds<Duration>>()
    expectTypeOf(expectErrorRate(shop)).toEqualTypeOf<SloBounds<Ratio>>()
    expectTypeOf(expectChecks(shop)).toEqualTypeOf<SloBounds<Ratio>>()
    expectTypeOf(expectThroughput(shop)).toEqualTypeOf<SloBounds<Rate>>()
    expectLatency(shop).median.toBeBelow(300)
    expectLatency(shop.step('pay')).max.toBeBetween('10ms', '1m30s')
    expectLatency(shop.request('GET /'), { of: 'service' }).mean.toBeAbove('1us')
    expectErrorRate(shop).toBeBelow('0.5%')
    expectThroughput(shop).toBeAbove('90/m')
    expectChecks(shop).toBeAbove(0.99)
    expectTypeOf(expectLatency(shop).max.toBeBelow).returns.toEqualTypeOf<void>()
  })

  it('may have a window, and end the load', () => {
    expectLatency(shop).p(95).toBeBelow('300ms', { window: '1s', share: '99%' })
    expectLatency(shop)
      .p(99)
      .toBeBelow('2s', { abort: { brokenFor: '10s', minSamples: 100 } })
    expectErrorRate(shop).toBeBelow('50%', { abort: true })
    expectThroughput(shop).toBeBetween('100/s', '200/s', { window: 5000, share: 0.9, abort: false })
    expectTypeOf<Parameters<SloBounds<Ratio>['toBeBelow']>[1]>().toEqualTypeOf<SloOptions | undefined>()
    // @ts-expect-error -- misspelt: it is `brokenFor`
    expectLatency(shop).max.toBeBelow('1s', { abort: { brokenfor: '10s' } })
    // @ts-expect-error -- misspelt: it is `window`
    expectLatency(shop).max.toBeBelow('1s', { windows: '1s' })
    // @ts-expect-error -- a number of samples
    expectLatency(shop).max.toBeBelow('1s', { abort: { minSamples: '100' } })
  })

  it('may be about the requests that have labels', () => {
    expectTypeOf(shop.where({ tags: { tenant: 'gold' } })).toEqualTypeOf<SloTargetHandle>()
    expectLatency(shop.step('pay').where({ method: 'POST', status: '2xx' })).max.toBeBelow('1s')
    expectErrorRate(shop.request('GET /').where({ status: 503, error: 'http_5xx' })).toBeBelow('1%')
    // @ts-expect-error -- a class of statuses
    shop.where({ status: '6xx' })
    // @ts-expect-error -- there is no such category
    shop.where({ error: 'slow' })
    // @ts-expect-error -- tags are in `tags`
    shop.where({ tenant: 'gold' })
    // @ts-expect-error -- tags are texts
    shop.where({ tags: { tenant: 5 } })
    // @ts-expect-error -- all labels at once
    void shop.where({ method: 'GET' }).where
  })

  it('is refused where it cannot be meant', () => {
    // @ts-expect-error -- a percentile is a number
    expectLatency(shop).p('95')
    // @ts-expect-error -- a limit is missing
    expectLatency(shop).p(95).toBeBelow()
    // @ts-expect-error -- two bounds
    expectLatency(shop).max.toBeBetween('1ms')
    // @ts-expect-error -- a limit is a string or a number
    expectErrorRate(shop).toBeBelow({ percent: 1 })
    // @ts-expect-error -- misspelt: it is 'service'
    expectLatency(shop.request('GET /'), { of: 'services' })
    // @ts-expect-error -- misspelt: it is `of`
    expectLatency(shop.request('GET /'), { off: 'service' })
    // @ts-expect-error -- an error rate has no percentiles
    void expectErrorRate(shop).p
    // @ts-expect-error -- the name of a step is not the step: `shop.step('pay')` is
    expectLatency('pay')
    // @ts-expect-error -- a handle comes from `scenario()`
    expectLatency({ name: 'shop' })
  })
})

describe('the run', () => {
  it('is aborted for a reason', () => {
    expectTypeOf(run.abort).toEqualTypeOf<(reason: string) => void>()
    // @ts-expect-error -- the report says why
    run.abort()
  })

  it('has a result that tools can read', () => {
    expectTypeOf<RunResult['verdict']>().toEqualTypeOf<'pass' | 'fail' | 'invalid'>()
    expectTypeOf<RunResult['version']>().toEqualTypeOf<1>()
    expectTypeOf<RunResult['series'][number]['latency']['p95']>().toEqualTypeOf<number>()
    expectTypeOf<RunResult['slos'][number]['status']>().toEqualTypeOf<'pass' | 'fail' | 'skipped'>()
    expectTypeOf<RunResult['errors'][number]['count']>().toEqualTypeOf<number>()
    expectTypeOf<RunSummary>().not.toHaveProperty('timeline')
    expectTypeOf<RunSummary['slos']>().toEqualTypeOf<RunResult['slos']>()
  })

  it('throws errors with a known code', () => {
    const thrown: unknown = undefined
    if (thrown instanceof LoadError) expectTypeOf(thrown.code).toEqualTypeOf<LoadErrorCode>()
    expectTypeOf<'ERR_LOAD_OPTIONS'>().toExtend<LoadErrorCode>()
    // @ts-expect-error -- there is no such code
    const code: LoadErrorCode = 'ERR_LOAD_TYPO'
    void code
  })
})
