import { expect } from 'vitest'
import { check, expectChecks, expectErrorRate, expectLatency, http, scenario, think } from 'vitest-load'
import { Account, Problem, Token } from '../../examples/store/schemas.ts'
import { login, newCustomer, register } from './customers.ts'

const options = {
  load: { vus: 10, duration: '4s' },
  steps: ['register', 'mistype', 'login', 'me', 'refresh', 'logout', 'come back'],
} as const

const authentication = scenario('authentication', options, async ({ step }) => {
  const customer = newCustomer()
  const first = await register(customer)
  await think('50ms', '150ms')

  const wrong = { email: customer.email, password: 'not my password' }
  const problem = await step('mistype', () => http.post('/auth/login', { json: wrong }).expect(401).json(Problem))
  check('a refusal tells nothing about the customer', !problem.error.includes(customer.email))

  const token = await login(customer)
  expect(token).not.toBe(first)

  // From here on the cookies sign in: the session's, and for a refresh the one that only /auth gets.
  const account = await step('me', () => http.get('/auth/me').expect(200).json(Account))
  expect(account).toEqual({ email: customer.email, name: customer.name })
  await think('50ms', '150ms')

  const refreshed = await step('refresh', () => http.post('/auth/refresh').expect(200).json(Token))
  check('a token is good for minutes', refreshed.expiresInSeconds >= 60)

  await step('logout', () => http.post('/auth/logout').expect(204))
  await step('come back', async () => {
    await http.get('/auth/me').expect(401)
    await http.get('/auth/me', { bearer: refreshed.token, name: 'GET /auth/me, logged out' }).expect(401)
  })
})

expectLatency(authentication.step('login')).p(95).toBeBelow('500ms')
expectLatency(authentication.step('refresh')).p(95).toBeBelow('500ms')
expectErrorRate(authentication).toBeBelow('0.5%')
expectChecks(authentication).toBeAbove('99.9%')
