import { setTimeout as pause } from 'node:timers/promises'
import {
  check,
  expectChecks,
  expectErrorRate,
  expectLatency,
  http,
  type PendingRequest,
  rows,
  scenario,
} from 'vitest-load'
import { Problem, Voucher } from '../../examples/store/schemas.ts'
import { newCustomer, register } from './customers.ts'

const options = {
  load: { vus: 10, duration: '4s' },
  data: { answer: rows([{ status: 403 }, { status: 422 }, { status: 500 }, { status: 502 }]) },
  steps: [
    'invalid',
    'register',
    'conflict',
    'not signed in',
    'not there',
    'not allowed',
    'too many tries',
    'another try',
    'refused',
    'unavailable',
  ],
} as const

/** What a voucher is worth; guesses have a name of their own, so that they count apart from what they lead to. */
const look = (bearer: string, code: string, name = 'GET /vouchers/:code'): PendingRequest =>
  http.get('/vouchers/:code', { params: { code }, bearer, name })

// A status of 400 or more is a failed request, unless it is what was expected.
const errorHandling = scenario('error handling', options, async ({ data: { answer }, step }) => {
  const customer = newCustomer()
  const json = { email: customer.email }
  const invalid = await step('invalid', () =>
    http.post('/auth/register', { json, name: 'invalid' }).expect(400).json(Problem),
  )
  check('every mistake is named', invalid.issues?.map(({ path }) => path).join() === 'password,name')

  const bearer = await register(customer)
  const conflict = await step('conflict', () =>
    http.post('/auth/register', { json: customer, name: 'conflict' }).expect(409).json(Problem),
  )
  check('a conflict says what with', conflict.error.includes('email'))

  const stranger = await step('not signed in', () => http.get('/cart', { bearer: 'made up' }).expect(401))
  check('who is not signed in learns how', stranger.header('www-authenticate') === 'Bearer')
  await step('not there', () => http.get('/orders/:id', { params: { id: 'o-0' }, bearer }).expect(404))
  const method = await step('not allowed', () => http.put('/orders', { bearer }).expect(405))
  check('what is not allowed says what is', method.header('allow')?.includes('POST'))

  const tooMany = await step('too many tries', async () => {
    for (const guess of ['SUMMER', 'FREE', 'PLEASE']) await look(bearer, guess, 'guess').expect(404)
    return look(bearer, 'WELCOME10', 'too many tries').expect(429)
  })
  // Outside of a step, which it would make slow, and no think time, which a functional run leaves out.
  await pause(1_000 * Number(tooMany.header('retry-after')))
  const voucher = await step('another try', () => look(bearer, 'WELCOME10').expect(200).json(Voucher))
  check('who waits is served', voucher.percentOff === 10)

  const { status } = answer
  const refused = await step('refused', () => http.get('/vary', { query: { status }, name: 'refused' }).expect(status))
  check('a refusal is JSON as well', refused.header('content-type') === 'application/json')
  const unavailable = await step('unavailable', () =>
    http.get('/vary', { query: { status: 503 }, name: 'unavailable' }).expect(503),
  )
  check('a store that is closed says until when', Number(unavailable.header('retry-after')) > 0)
})

expectLatency(errorHandling.step('invalid')).p(95).toBeBelow('500ms')
expectLatency(errorHandling.request('too many tries')).p(95).toBeBelow('500ms')
expectLatency(errorHandling.step('unavailable')).p(95).toBeBelow('500ms')
expectErrorRate(errorHandling).toBeBelow('0.5%')
expectChecks(errorHandling).toBeAbove('99.9%')
