import { expect } from 'vitest'
import {
  check,
  expectChecks,
  expectErrorRate,
  expectLatency,
  http,
  type HttpResponse,
  type PendingRequest,
  scenario,
  session,
  think,
} from 'vitest-load'
import { Account, Problem, Token, type User } from '../../examples/store/schemas.ts'
import { login, users } from './customers.ts'

// A customer who comes back in each iteration, with the cookies and the token of the one before.
const options = {
  load: { vus: 10, duration: '4s' },
  data: { user: users },
  cookies: 'vu',
  steps: ['me', 'me > login', 'mistype', 'refresh', 'logout', 'come back', 'come back > login'],
} as const
const token = session<string>('token')

/** Asks with the token that is kept; once more with another one where it has ended, which the store tells by 401. */
async function authorized(user: User, ask: (bearer: string) => PendingRequest): Promise<HttpResponse> {
  const response = await ask(await token.getOrCreate(() => login(user))).expect([200, 401])
  if (response.status === 200) return response
  token.delete()
  return ask(await token.getOrCreate(() => login(user))).expect(200)
}

const authentication = scenario('authentication', options, async ({ data: { user }, step }) => {
  const me = await step('me', () => authorized(user, (bearer) => http.get('/auth/me', { bearer })))
  expect((await me.json(Account)).email).toBe(user.email)
  await think('100ms', '200ms')

  const wrong = { email: user.email, password: 'not my password' }
  const problem = await step('mistype', () => http.post('/auth/login', { json: wrong }).expect(401).json(Problem))
  check('a refusal tells nothing about the customer', !problem.error.includes(user.email))

  // Without a token: the cookies sign in, here the one that only /auth gets.
  const refreshed = await step('refresh', () => http.post('/auth/refresh').expect(200).json(Token))
  check('a token is good for minutes', refreshed.expiresInSeconds >= 60)
  token.set(refreshed.token)
  await think('100ms', '200ms')

  await step('logout', () => http.post('/auth/logout').expect(204))
  check('a logout removes the cookies', http.cookies.get('session') === undefined)

  // The token is still here, but of no use. The next iteration goes on with the one that this step gets.
  await step('come back', () => authorized(user, (bearer) => http.get('/auth/me', { bearer })))
})

expectLatency(authentication.step('come back > login')).p(95).toBeBelow('1s')
expectLatency(authentication.step('refresh')).p(95).toBeBelow('1s')
expectErrorRate(authentication).toBeBelow('0.5%')
expectChecks(authentication).toBeAbove('99.9%')
