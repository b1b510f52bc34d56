import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { http } from '../http/http.ts'
import { rows } from '../data/rows.ts'
import { check } from './check.ts'
import { createDefinition } from './fixtures/definitions.ts'
import { runFunctional } from './functional-test.ts'
import type { ScenarioDefinition } from './scenario-definition.ts'
import { step } from './step.ts'
import { vu } from './vu.ts'

const finished: string[] = []
const server = createServer((request, response) => {
  const answer = (): void => {
    finished.push(request.url ?? '')
    response.writeHead(request.url === '/missing' ? 404 : 200).end('{}')
  }
  if (request.url === '/slow') setTimeout(answer, 30)
  else answer()
})
let url = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

async function runScenario(
  body: ScenarioDefinition['body'],
  options: ScenarioDefinition['options'] = {},
): Promise<void> {
  finished.length = 0
  await runFunctional(createDefinition(options, body), new AbortController().signal)
}

describe('hooks', () => {
  it('run in order, and those that clean up also when the body throws', async () => {
    const order: string[] = []
    const note = (name: string) => () => void order.push(name)
    const hooks = { before: note('before'), setup: note('setup'), teardown: note('teardown'), after: note('after') }
    await expect(runScenario(() => Promise.reject(new Error('sold out')), hooks)).rejects.toThrow(/^sold out$/)
    expect(order).toEqual(['before', 'setup', 'teardown', 'after'])
  })

  it('clean up when set-up throws, and tell everything', async () => {
    const fail = (message: string) => () => Promise.reject(new Error(message))
    const hooks = { setup: fail('no account'), teardown: fail('locked'), after: fail('gone') }
    await expect(runScenario(() => expect.fail('the body ran'), hooks)).rejects.toThrow(/^no account\nlocked\ngone$/)
  })

  it('get what before prepared as under load: cloned', async () => {
    const data = { token: 'x' }
    await runScenario(({ prepared }) => expect(prepared).toEqual(data), { before: () => data })
    await runScenario(({ prepared }) => expect(prepared).not.toBe(data), { before: () => data })
    const broken = runScenario(() => undefined, { before: () => ({ call: String }) })
    await expect(broken).rejects.toThrow("before() of 'shopping' returned what cannot be sent to other threads")
  })

  it('wait for requests that they do not await', async () => {
    await runScenario(() => expect(finished).toEqual(['/slow']), {
      setup: () => void http.get(`${url}/slow`),
      teardown: () => void http.get(`${url}/slow`),
      after: () => expect(finished).toEqual(['/slow', '/slow']),
    })
  })

  it('draw other random numbers than each other and the body', async () => {
    const drawn: number[] = []
    const draw = (): void => void drawn.push(vu.random())
    await runScenario(draw, { setup: draw, teardown: draw })
    expect(new Set(drawn).size).toBe(3)
  })
})

describe('a failure', () => {
  it('that the body catches is none, unless a request failed', async () => {
    await runScenario(async () => {
      await step('try', () => Promise.reject(new Error('never mind'))).catch(() => undefined)
      await step('read', () =>
        http
          .get(`${url}/text`)
          .text()
          .then(() => Promise.reject(new Error('odd'))),
      ).catch(() => undefined)
    })
    const caught = runScenario(async () => {
      await step('try', () => Promise.reject(new Error('never mind'))).catch(() => undefined)
      await http.get(`${url}/missing`)
    })
    await expect(caught).rejects.toThrow(
      /^GET \S+\/missing: answered 404 Not Found\nUnder load this counts as a failure; use \.expect\(\) for a status that is intended\.$/,
    )
  })

  it('of a request in a hook is none of the body', async () => {
    const request = async (): Promise<void> => void (await http.get(`${url}/missing`))
    await runScenario(() => http.get(`${url}/`), { before: request, setup: request, teardown: request, after: request })
  })

  it('of a request that nobody awaits is found', async () => {
    const forgetful = runScenario(() => {
      void http.get(`${url}/slow`).then(() => http.get(`${url}/missing`))
    })
    await expect(forgetful).rejects.toThrow('/missing: answered 404 Not Found')
  })

  it('is a check that does not hold, and data that is used up', async () => {
    await expect(runScenario(() => void check('in stock', false))).rejects.toThrow(
      "check 'in stock' failed\nUnder load this counts as a failure.",
    )
    const used = { ...rows(['a'], { pick: 'unique' }) }
    const exhausted = {
      ...used,
      rowIndex: () => used.rowIndex({ vuId: 2, iteration: 0, globalIteration: 1, seed: 1, runSeed: 1, vus: 2 }),
    }
    await expect(runScenario(() => undefined, { data: { user: exhausted } })).rejects.toMatchObject({
      code: 'ERR_LOAD_DATA_EXHAUSTED',
    })
  })
})
