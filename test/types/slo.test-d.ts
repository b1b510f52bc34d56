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
