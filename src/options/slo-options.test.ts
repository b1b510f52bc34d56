import { describe, expect, it } from 'vitest'
import type { SloAggregate } from '../slo/model.ts'
import { readAbortOptions, readSloOptions } from './slo-options.ts'

const p95: SloAggregate = { kind: 'percentile', percentile: 95, of: 'response' }

function problemsOf(options: unknown, aggregate: SloAggregate = p95): string[] {
  const problems: string[] = []
  readSloOptions(options, aggregate, problems)
  return problems
}

describe('the options of an objective', () => {
  it('have defaults', () => {
    expect(readSloOptions(undefined, p95, [])).toEqual({})
    expect(readSloOptions({ abort: false }, p95, [])).toEqual({})
    expect(readSloOptions({ abort: true, window: '10s' }, p95, [])).toEqual({
      abort: { brokenForMs: 10_000, minSamples: 100 },
      window: { windowMs: 10_000, share: 1 },
    })
  })

  it.for<[unknown, string[]]>([
    [null, ['options: expected an object; received null']],
    ['1s', ['options: expected an object; received "1s"']],
    [
      { window: '999ms' },
      ['window: expected a duration of at least 1s: objectives are looked at once a second; received "999ms"'],
    ],
    [{ window: 'often' }, [`window: expected a duration such as '10s'; received "often"`]],
    [{ window: '1s', share: '101%' }, [`share: expected a ratio such as '99%'; received "101%"`]],
    [{ abort: 'yes' }, [`abort: expected true, or an object such as { brokenFor: '10s' }; received "yes"`]],
    [
      { abort: { brokenFor: '1ms', minSample: 1, minSamples: 0 } },
      [
        'abort.brokenFor: expected a duration of at least 1s: objectives are looked at once a second; received "1ms"',
        'abort.minSamples: expected a whole number from 1 to 1,000,000,000; received 0',
        "abort.minSample: unknown option; did you mean 'minSamples'?",
      ],
    ],
  ])('are refused: %j', ([options, problems]) => {
    expect(problemsOf(options)).toEqual(problems)
  })
})

describe('the option abort of a project or scenario', () => {
  it('is off unless given, and wants a limit', () => {
    const problems: string[] = []
    expect(readAbortOptions(undefined, problems)).toBeUndefined()
    expect(readAbortOptions({ errorRate: '50%' }, problems)).toEqual({
      errorRate: 0.5,
      brokenForMs: 10_000,
      minSamples: 100,
    })
    expect(problems).toEqual([])
    readAbortOptions({ brokenFor: '5s', errorate: 0.1 }, problems)
    readAbortOptions({ errorRate: 0 }, problems)
    readAbortOptions(true, problems)
    expect(problems).toEqual([
      "abort.errorRate: expected a ratio such as '50%'; received undefined",
      "abort.errorate: unknown option; did you mean 'errorRate'?",
      "abort.errorRate: expected a ratio such as '50%', above 0; received 0",
      "abort: expected an object such as { errorRate: '50%' }; received true",
    ])
  })
})
