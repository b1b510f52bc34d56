import { expect, it } from 'vitest'
import { LocalHost } from '../engine/local-host.ts'
import { createDefinition } from './fixtures/definitions.ts'
import { LeaderHooks } from './leader-hooks.ts'
import { createRunContext, createSession } from './run-context.ts'
import type { ScenarioDefinition } from './scenario-definition.ts'
import { run, vu } from './vu.ts'

function createHooks(options: ScenarioDefinition['options'], limitMs: number = 5000) {
  const host = new LocalHost()
  const hooks = new LeaderHooks(createDefinition(options), host, limitMs)
  const context = createRunContext({ thinks: true, abort: (reason) => hooks.abort(reason) })
  const { signal } = new AbortController()
  const session = createSession(context, { vuId: 0, runId: 'r', scenario: 'shopping', cookieScope: 'vu', signal })
  return { host, hooks, session }
}

const never = (): Promise<never> => new Promise(() => undefined)

it('clones what before returned, and gives it to after', async () => {
  const data = { token: 'x' }
  let given: unknown
  const { hooks, session } = createHooks({ before: () => data, after: ({ prepared }) => void (given = prepared) })
  const prepared = await hooks.before(session)
  expect(prepared).toEqual(data)
  expect(prepared).not.toBe(data)
  await hooks.after(session, prepared)
  expect(given).toBe(prepared)
})

it.each<[what: string, options: ScenarioDefinition['options'], code: string, message: string]>([
  [
    'throws',
    { before: () => Promise.reject(new Error('no database')) },
    'ERR_LOAD_HOOK',
    "before() of 'shopping' threw: no database",
  ],
  [
    'aborts the run',
    { before: () => run.abort('no stock') },
    'ERR_LOAD_ABORTED',
    "before() of 'shopping' aborted the run: no stock",
  ],
  [
    'aborts the run and throws',
    {
      before: () => {
        run.abort('no stock')
        throw new Error('no stock, as I said')
      },
    },
    'ERR_LOAD_ABORTED',
    "before() of 'shopping' aborted the run: no stock",
  ],
  [
    'returns what cannot be cloned',
    { before: () => ({ call: String }) },
    'ERR_LOAD_HOOK',
    "before() of 'shopping' returned what cannot be sent to other threads: function String() { [native code] } could not be cloned. Return plain data.",
  ],
])('lets no thread go on when before %s', async (_what, options, code, message) => {
  const { hooks, session, host } = createHooks(options)
  await expect(hooks.before(session)).rejects.toMatchObject({ code, message })
  expect(host.stopReasons).toEqual([message])
})

it('gives up hooks that never end', async () => {
  const { hooks, session, host } = createHooks({ before: never, after: never }, 10)
  const late =
    "before() of 'shopping' did not end within 0.01 s. Let it return, or do what takes long in a global set-up."
  await expect(hooks.before(session)).rejects.toMatchObject({ code: 'ERR_LOAD_HOOK', message: late })
  expect(host.stopReasons).toEqual([late])
  await expect(hooks.after(session, undefined)).rejects.toThrow("after() of 'shopping' did not end within 0.01 s")
})

it('fails after an abort in after, and hands on one between the hooks', async () => {
  const { hooks, session, host } = createHooks({ after: () => run.abort('dirty') })
  await hooks.before(session)
  hooks.abort('enough')
  expect(host.stopReasons).toEqual(['enough'])
  await expect(hooks.after(session, undefined)).rejects.toThrow("after() of 'shopping' aborted the run: dirty")
  expect(host.stopReasons).toEqual(['enough'])
})

it('gives each hook random numbers of its own, the same every time', async () => {
  const draw = async (): Promise<number[]> => {
    const drawn: number[] = []
    const pick = (): void => void drawn.push(vu.random())
    const { hooks, session } = createHooks({ before: pick, after: pick })
    await hooks.before(session)
    await hooks.after(session, undefined)
    return drawn
  }
  const drawn = await draw()
  expect(new Set(drawn).size).toBe(2)
  expect(await draw()).toEqual(drawn)
})
