import { setImmediate } from 'node:timers'
import { describe, expect, it } from 'vitest'
import { createRootFrame, frames } from '../session/current.ts'
import { check } from './check.ts'
import { createDefinition } from './fixtures/definitions.ts'
import { runFunctional } from './functional-test.ts'
import { createRunContext, createSession } from './run-context.ts'
import type { ScenarioBody } from './scenario-types.ts'
import { step } from './step.ts'
import { think } from './think.ts'
import { run, vu } from './vu.ts'

type AnyCall = (...input: unknown[]) => unknown
/** As without type checks. */
const anyStep = step as unknown as AnyCall
const anyCheck = check as unknown as AnyCall
const anyFail = vu.fail as unknown as AnyCall
const anyAbort = run.abort as unknown as AnyCall

async function runBody(body: ScenarioBody): Promise<void> {
  await runFunctional(createDefinition({}, body), new AbortController().signal)
}

/** Runs something as an iteration under load, and returns what it threw and why it ended the load. */
async function runUnderLoad(body: () => unknown): Promise<{ thrown: unknown; aborts: string[] }> {
  const aborts: string[] = []
  const context = createRunContext({ thinks: true, abort: (reason) => void aborts.push(reason) })
  const session = createSession(context, {
    vuId: 1,
    runId: 'r',
    scenario: 'x',
    cookieScope: 'vu',
    signal: new AbortController().signal,
  })
  let thrown: unknown
  try {
    await frames.run(createRootFrame(session), async () => body())
  } catch (error) {
    thrown = error
  }
  await session.close()
  return { thrown, aborts }
}

const nothing = (): void => {}
const rejected = (): Promise<never> => Promise.reject(new Error('late'))
/** As a pending request: awaitable, and no promise. */
// oxlint-disable-next-line no-thenable -- that is what it stands for
const lazy = { then: nothing }

const steps: [input: () => unknown[], message: string][] = [
  [() => ['a'], "step('a'): expected a function to run, received undefined. Write step('a', () => …)."],
  [() => ['a', 5], "step('a'): expected a function to run, received 5. Write step('a', () => …)."],
  [
    () => ['a', rejected()],
    "step('a'): expected a function to run, received a promise, whose work began before the step. Write step('a', () => …).",
  ],
  [
    () => ['a', lazy],
    "step('a'): expected a function to run, received a promise, whose work began before the step. Write step('a', () => …).",
  ],
  [() => ['', nothing], `step(): expected a name, received "". Write step('name', () => …).`],
  [() => [' \n', nothing], `step(): expected a name, received " \\n". Write step('name', () => …).`],
  [() => [Symbol('a'), nothing], `step(): expected a name, received Symbol(a). Write step('name', () => …).`],
  [
    () => [nothing],
    "step(): expected a name, received a function; expected a function to run, received undefined. Write step('name', () => …).",
  ],
  [
    () => ['x'.repeat(500)],
    `step('${'x'.repeat(79)}…'): expected a function to run, received undefined. Write step('${'x'.repeat(79)}…', () => …).`,
  ],
]

const checks: [input: () => unknown[], message: string][] = [
  [
    () => ['a', rejected()],
    "check('a'): expected a condition, received a promise, which would hold whatever it comes to. Await it: check('a', await …).",
  ],
  [
    () => ['a', lazy],
    "check('a'): expected a condition, received a promise, which would hold whatever it comes to. Await it: check('a', await …).",
  ],
  [
    () => ['a', () => false],
    "check('a'): expected a condition, received a function, which would hold whatever it returns. Call it: check('a', …()).",
  ],
  [() => ['', true], `check(): expected a name, received "". Write check('name', condition).`],
  [() => [true], `check(): expected a name, received true. Write check('name', condition).`],
  [
    () => [5, rejected()],
    "check(): expected a name, received 5; expected a condition, received a promise, which would hold whatever it comes to. Await it: check('name', await …).",
  ],
]

describe('step()', () => {
  it.for(steps)('refuses wrong arguments in an ordinary test and under load: %#', async ([input, message]) => {
    const expected = { code: 'ERR_LOAD_OPTIONS', message }
    await expect(runBody(() => anyStep(...input()))).rejects.toMatchObject(expected)
    const { thrown, aborts } = await runUnderLoad(() => anyStep(...input()))
    expect(thrown).toMatchObject(expected)
    expect(aborts).toEqual([])
  })

  it('lets the event loop turn before it refuses, so that a loop which tries again does not block', async () => {
    await runUnderLoad(async () => {
      let turned = false
      setImmediate(() => (turned = true))
      await expect(anyStep('a')).rejects.toThrow('expected a function to run')
      expect(turned).toBe(true)
    })
  })

  it('takes a name that begins with a blank', async () => {
    expect(await runUnderLoad(async () => expect(await step(' a', () => 1)).toBe(1))).toMatchObject({
      thrown: undefined,
    })
  })
})

describe('check()', () => {
  it.for(checks)('refuses wrong arguments in an ordinary test, and ends a load: %#', async ([input, message]) => {
    const expected = { code: 'ERR_LOAD_OPTIONS', message }
    await expect(runBody(() => anyCheck(...input()))).rejects.toMatchObject(expected)
    const { thrown, aborts } = await runUnderLoad(() => anyCheck(...input()))
    expect(thrown).toMatchObject(expected)
    expect(aborts).toEqual([message])
  })

  it.for([
    [{ id: 1 }, true],
    ['text', true],
    [undefined, false],
    [null, false],
    [0, false],
    // oxlint-disable-next-line no-thenable -- a field of an answer may have this name
    [{ then: 'a field' }, true],
  ] as const)('takes %j as a condition', async ([condition, holds]) => {
    const { thrown } = await runUnderLoad(() => expect(check('a', condition)).toBe(holds))
    expect(thrown).toBeUndefined()
  })
})

describe('think()', () => {
  it.for([
    [['1000h'], `Too long a duration: "1000h". Write at most '596h', which is the longest that a timer can wait.`],
    [
      ['1s', '1000h'],
      `Too long a duration: "1000h". Write at most '596h', which is the longest that a timer can wait.`,
    ],
  ] as const)('refuses %j, in an ordinary test as well', async ([[shortest, longest], message]) => {
    const expected = { code: 'ERR_LOAD_OPTIONS', message }
    expect((await runUnderLoad(() => think(shortest, longest))).thrown).toMatchObject(expected)
    await expect(runBody(() => think(shortest, longest))).rejects.toMatchObject(expected)
  })

  it('refuses a distribution with all that is wrong with it', async () => {
    const anyThink = think as unknown as AnyCall
    const options = { distribution: 'normal', mean: 0, deviation: '1x', maximum: '5s' }
    const { thrown } = await runUnderLoad(() => anyThink(options, '3s'))
    expect(String(thrown)).toMatchInlineSnapshot(`
      "LoadError: think() cannot draw a time: 4 problems.
        - a distribution has its own 'max'; received a second argument, "3s"
        - delay.mean: expected a duration above zero; received 0
        - delay.deviation: expected a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative; received "1x"
        - delay.maximum: unknown option; known are distribution, mean, deviation, max"
    `)
    await expect(runBody(() => anyThink({ distribution: 'gamma' }))).rejects.toThrow(
      "delay.distribution: expected one of 'uniform', 'normal', 'log-normal', 'exponential'; received \"gamma\"",
    )
    await expect(runBody(() => think({ distribution: 'uniform', min: '3s', max: '1s' }))).rejects.toThrow(
      "delay.max: expected at least 'min', which is 3000 ms; received 1000 ms",
    )
  })

  it('draws from a distribution by the seed of the run', async () => {
    const delay = { distribution: 'exponential', mean: '1ms', max: '5ms' } as const
    const drawn = async (body: () => Promise<void>): Promise<number> => {
      await body()
      return vu.random()
    }
    const seeds = new Set<number>()
    await runUnderLoad(async () => seeds.add(await drawn(() => think(delay))))
    await runUnderLoad(async () => seeds.add(await drawn(() => think(delay))))
    await runUnderLoad(async () => seeds.add(await drawn(async () => undefined)))
    expect(seeds.size).toBe(2)
  })
})

describe('a reason', () => {
  const reasons: [given: unknown[], told: string | undefined][] = [
    [['sold out'], 'sold out'],
    [[], undefined],
    [[null], undefined],
    [[''], undefined],
    [[' '], undefined],
    [[new Error('no cart')], 'no cart'],
    [[new Error()], undefined],
    [[404], '404'],
    [[{ password: 'secret' }], '{"password":"[redacted]"}'],
  ]

  it.for(reasons)(
    'of vu.fail() is always a text: %#',
    async ([given, told = 'vu.fail() was called without a reason']) => {
      const { thrown } = await runUnderLoad(() => anyFail(...given))
      expect(thrown).toMatchObject({ code: 'ERR_LOAD_VU_FAIL', message: told })
    },
  )

  it.for(reasons)('of run.abort() is always a text: %#', async ([given, told]) => {
    const text = told ?? 'run.abort() was called without a reason'
    expect((await runUnderLoad(() => anyAbort(...given))).aborts).toEqual([text])
    await expect(runBody(() => anyAbort(...given))).rejects.toMatchObject({ code: 'ERR_LOAD_ABORTED', message: text })
  })
})
