import { describe, expect, it } from 'vitest'
import { createHandle, type ScenarioHandle, type ScenarioRecord } from './handle.ts'
import { expectChecks, expectErrorRate, expectLatency, expectThroughput } from './slo.ts'

function create(): { record: ScenarioRecord; handle: ScenarioHandle } {
  const record: ScenarioRecord = { name: 'shopping', declarations: [], sealed: false }
  return { record, handle: createHandle(record) }
}

/** Runs a declaration without type checks, as a spec in JavaScript does. */
function messageOf(declare: (handle: ScenarioHandle) => unknown): string {
  const { record, handle } = create()
  try {
    declare(handle)
  } catch (error) {
    expect(record.declarations).toEqual([])
    expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_LOAD_(OPTIONS|COLLECTION)$/) as string })
    return (error as Error).message
  }
  return expect.fail('was accepted')
}

const wrong = (value: unknown): never => value as never
const writeDuration = "Write a string such as '250ms', '30s' or '1m30s', or a number of milliseconds."

describe('objectives', () => {
  it('are kept with their limit in the unit of the figure', () => {
    const { record, handle } = create()
    expectLatency(handle).p(95).toBeBelow('300ms')
    expectLatency(handle.request('GET /'), { of: 'service' }).max.toBeBetween(1, '2s')
    expectErrorRate(handle.step('pay')).toBeBelow('0.5%')
    expectThroughput(handle).toBeAbove('90/m')
    expectChecks(handle).toBeBetween('100%', '100%')
    expect(record.declarations.map(({ slo }) => slo.condition)).toEqual([
      { kind: 'below', limit: 300_000 },
      { kind: 'between', low: 1000, high: 2_000_000 },
      { kind: 'below', limit: 0.005 },
      { kind: 'above', limit: 1.5 },
      { kind: 'between', low: 1, high: 1 },
    ])
  })

  it.for<[(handle: ScenarioHandle) => unknown, string]>([
    [(x) => expectLatency(x).p(0), 'Not a percentile: 0. Write a number above 0 and up to 100, such as .p(95).'],
    [(x) => expectLatency(x).p(101), 'Not a percentile: 101. Write a number above 0 and up to 100, such as .p(95).'],
    [
      (x) => expectLatency(x).p(Number.NaN),
      'Not a percentile: NaN. Write a number above 0 and up to 100, such as .p(95).',
    ],
    [
      (x) => expectLatency(x).p(wrong('95')),
      'Not a percentile: "95". Write a number above 0 and up to 100, such as .p(95).',
    ],
    [
      (x) => expectLatency(x.request('GET /'), wrong({ of: 'sevice' })),
      `Options of expectLatency(): 1 problem.\n  - of: expected 'response' or 'service'; received "sevice"`,
    ],
    [
      (x) => expectLatency(x, wrong({ off: 'service', window: '5s' })),
      `Options of expectLatency(): 2 problems.\n  - off: unknown option; did you mean 'of'?\n  - window: unknown option; known is of`,
    ],
    [
      (x) => expectLatency(x, wrong(null)),
      "Options of expectLatency(): 1 problem.\n  - options: expected an object such as { of: 'service' }; received null",
    ],
    [
      (x) => expectLatency(x.step('pay'), { of: 'service' }),
      `Options of expectLatency(): 1 problem.\n  - of: a step has no service time; received "service". Use it with .request('GET /path')`,
    ],
    [
      (x) => expectLatency(x).p(95).toBeBelow('5%'),
      `The objective 'p(95)': 1 problem.\n  - limit: not a duration: "5%". ${writeDuration}`,
    ],
    [
      (x) => expectErrorRate(x.step('pay')).toBeBelow('300ms'),
      `The objective 'pay error rate': 1 problem.\n  - limit: not a ratio: "300ms". Write a number from 0 to 1 or a percentage from '0%' to '100%'.`,
    ],
    [
      (x) => expectErrorRate(x).toBeBelow(5),
      "The objective 'error rate': 1 problem.\n  - limit: not a ratio: 5. Write a number from 0 to 1 or a percentage from '0%' to '100%'.",
    ],
    [
      (x) => expectThroughput(x).toBeAbove('50'),
      `The objective 'throughput': 1 problem.\n  - limit: not a rate: "50". Write a number per second or a string such as '500/s' or '90/m'.`,
    ],
    [
      (x) => expectChecks(x).toBeAbove(wrong(undefined)),
      "The objective 'checks': 1 problem.\n  - limit: not a ratio: undefined. Write a number from 0 to 1 or a percentage from '0%' to '100%'.",
    ],
    [
      (x) => expectLatency(x).mean.toBeBelow(0),
      "The objective 'mean': 1 problem.\n  - limit: can never be met: toBeBelow() is strict, and nothing lies below 0. Write a limit above 0",
    ],
    [
      (x) => expectErrorRate(x).toBeBelow('0%'),
      "The objective 'error rate': 1 problem.\n  - limit: can never be met: toBeBelow() is strict, and nothing lies below 0. Write .toBeBetween(0, 0)",
    ],
    [
      (x) => expectChecks(x).toBeAbove('100%'),
      "The objective 'checks': 1 problem.\n  - limit: can never be met: toBeAbove() is strict, and nothing lies above 100 %. Write .toBeBetween(1, 1)",
    ],
    [
      (x) => expectLatency(x).max.toBeBetween('2s', '300ms'),
      `The objective 'max': 1 problem.\n  - low: expected at most 'high', which is "300ms"; received "2s"`,
    ],
    [
      (x) => (expectLatency(x).max.toBeBelow as (...input: unknown[]) => void)('1s', {}, { abort: true }),
      'toBeBelow(limit, options) takes nothing more, received {"abort":true}. Remove it.',
    ],
    [
      (x) =>
        expectLatency(x)
          .p(95)
          .toBeBelow('1s', wrong({ widow: '1s', share: 0, abort: { brokenfor: '1s' } })),
      `The objective 'p(95)': 4 problems.\n  - share: expected a ratio such as '99%', above 0; received 0\n  - widow: unknown option; did you mean 'window'?\n  - abort.brokenfor: unknown option; did you mean 'brokenFor'?\n  - share: is the part of windows, and there are none; received 0. Add window: '1s'`,
    ],
    [
      (x) => expectLatency(x).max.toBeBetween('fast', '5%', wrong({ widow: '1s' })),
      `The objective 'max': 3 problems.\n  - low: not a duration: "fast". ${writeDuration}\n  - high: not a duration: "5%". ${writeDuration}\n  - widow: unknown option; did you mean 'window'?`,
    ],
    [
      (x) => expectLatency(x).p(95).toBeBelow('1s', { share: '99%' }),
      `The objective 'p(95)': 1 problem.\n  - share: is the part of windows, and there are none; received "99%". Add window: '1s'`,
    ],
    [
      (x) => expectThroughput(x).toBeAbove('1/s', { abort: { minSamples: 5 } }),
      `The objective 'throughput': 1 problem.\n  - abort.minSamples: a throughput is not judged by samples, whose lack is what breaks it; received 5. Leave it out`,
    ],
    [
      (x) => expectLatency(x.where({ error: 'timeout' })).max.toBeBelow('1s'),
      `The objective on 'requests [error=timeout]': 1 problem.\n  - error: a failure is neither latency nor throughput; received "timeout". Use it with expectErrorRate()`,
    ],
    [
      (x) => expectLatency(x.request('x'.repeat(200)).where({ method: 'GET' })).max.toBeBelow('1s'),
      'expectLatency() got requests whose name and labels have 213 characters; at most 190 are told apart. Use fewer labels.',
    ],
    [
      (x) => expectChecks(x.where({ method: 'GET' })).toBeAbove('90%'),
      `The objective on 'requests [method=GET]': 1 problem.\n  - checks belong to steps, not to requests. Pass a scenario or a step`,
    ],
    [
      () => expectErrorRate(wrong('shopping')),
      "expectErrorRate() got something that is no scenario. Pass what scenario() returned, or its .step('name') or .request('GET /path').",
    ],
    [
      () => expectThroughput(wrong(undefined)),
      "expectThroughput() got something that is no scenario. Pass what scenario() returned, or its .step('name') or .request('GET /path').",
    ],
    [
      (x) => expectChecks(x.request('GET /')),
      'expectChecks() got a request, which has no checks. Pass a scenario or a step.',
    ],
    [
      (x) => expectLatency(x.step('x'.repeat(1001))),
      `expectLatency() got a step without a usable name: "${'x'.repeat(78)}…. Write .step('name').`,
    ],
    [(x) => expectLatency(x.step('')), `expectLatency() got a step without a usable name: "". Write .step('name').`],
    [
      (x) => expectLatency(x.request(wrong(undefined))),
      "expectLatency() got a request without a usable name: undefined. Write .request('name').",
    ],
  ])('are refused: %#', ([declare, message]) => {
    expect(messageOf(declare)).toBe(message)
  })

  it('are judged in windows, and may end the load', () => {
    const { record, handle } = create()
    expectLatency(handle).p(95).toBeBelow('300ms')
    expectLatency(handle).p(95).toBeBelow('300ms', { window: '1s', share: '99%' })
    expectLatency(handle).p(95).toBeBelow('300ms', { window: '10s', abort: true })
    expectErrorRate(handle).toBeBetween(0, 0.1, { abort: { brokenFor: '5s', minSamples: 7 } })
    expectThroughput(handle).toBeAbove(5, { abort: false })
    expect(record.declarations.map(({ slo: { id, window, abort } }) => ({ id, window, abort }))).toEqual([
      { id: 'shopping|scenario|p(95)' },
      { id: 'shopping|scenario|p(95)|per 1s', window: { windowMs: 1000, share: 0.99 } },
      {
        id: 'shopping|scenario|p(95)|per 10s',
        window: { windowMs: 10_000, share: 1 },
        abort: { brokenForMs: 10_000, minSamples: 100 },
      },
      { id: 'shopping|scenario|error rate', abort: { brokenForMs: 5000, minSamples: 7 } },
      { id: 'shopping|scenario|throughput' },
    ])
  })

  it('are about the requests that have labels, however these are written', () => {
    const { record, handle } = create()
    const tags = { tenant: 'gold', area: 'eu' }
    expectLatency(handle.where({ tags, method: 'get' })).max.toBeBelow('1s')
    expectLatency(handle.step('pay').where({ status: 404 })).max.toBeBelow('1s')
    expectErrorRate(handle.request('GET /').where({ status: '5xx' })).toBeBelow('1%')
    expect(() => expectLatency(create().handle.where({ status: 200 }), { of: 'service' }).max).not.toThrow()
    expect(record.declarations.map(({ slo }) => slo.target)).toMatchObject([
      { kind: 'labelled', name: 'requests [method=GET, area=eu, tenant=gold]' },
      { kind: 'labelled', name: 'pay requests [status=404]', step: 'pay', where: { status: '404' } },
      { name: 'GET / [status=5xx]', key: 'GET / [status=5xx] of all', request: 'GET /' },
    ])
    expect(() =>
      expectLatency(handle.where({ method: 'GET', tags: { area: 'eu', tenant: 'gold' } })).max.toBeBelow('2s'),
    ).toThrow("The objective 'requests [method=GET, area=eu, tenant=gold] max' of 'shopping' was declared twice.")
  })

  it('are refused when they are declared twice, or too late', () => {
    const { record, handle } = create()
    expectLatency(handle).median.toBeBelow('1s')
    expect(() => expectLatency(handle).p(50).toBeAbove('1ms')).toThrowErrorMatchingInlineSnapshot(
      `[LoadError: The objective 'median' of 'shopping' was declared twice. Keep one; use toBeBetween() for two bounds.]`,
    )
    record.sealed = true
    expect(() => expectLatency(handle).p(51).toBeAbove('1ms')).toThrowErrorMatchingInlineSnapshot(
      `[LoadError: The objective 'p(51)' of 'shopping' was declared too late: the scenario's test cases exist already. Declare it at the top level of the file or in the describe() that holds the scenario.]`,
    )
    expect(record.declarations).toHaveLength(1)
  })
})
