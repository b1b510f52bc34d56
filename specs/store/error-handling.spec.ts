import { check, expectChecks, expectErrorRate, expectLatency, http, rows, scenario } from 'vitest-load'
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
    'guess',
    'another try',
    'refused',
    'unavailable',
  ],
} as const

const json = 'application/json'
/** As a client does that is told to come later: it waits for as long as `retry-after` says, at most so long. */
const patient = { limit: 3, statuses: [429], maxDelay: '2s' } as const

// A status of 400 or more is a failed request, unless it is what was expected.
const errorHandling = scenario('error handling', options, async ({ data: { answer }, step }) => {
  const customer = newCustomer()
  const unfinished = { json: { email: customer.email }, name: 'invalid' }
  const invalid = await step('invalid', () => http.post('/auth/register', unfinished).expect(400).json(Problem))
  check('every mistake is named', invalid.issues?.map(({ path }) => path).join() === 'password,name')

  const bearer = await register(customer)
  const again = { json: customer, name: 'conflict' }
  const conflict = await step('conflict', () => http.post('/auth/register', again).expect(409).json(Problem))
  check('a conflict says what with', conflict.error.includes('email'))

  await step('not signed in', () =>
    http.get('/cart', { bearer: 'made up' }).expect({ status: 401, headers: { 'www-authenticate': 'Bearer' } }),
  )
  await step('not there', () => http.get('/orders/:id', { params: { id: 'o-0' }, bearer }).expect(404))
  await step('not allowed', () =>
    http.put('/orders', { bearer }).expect({ status: 405, headers: { allow: /\bPOST\b/ } }),
  )

  // Three misses, and the store refuses the next try for a second: that request fails, and is made again. It stands in the
  // error table as what the store did; the step has failed only if the last attempt has.
  await step('guess', async () => {
    for (const code of ['SUMMER', 'FREE', 'PLEASE'])
      await http.get('/vouchers/:code', { params: { code }, bearer, name: 'guess' }).expect(404)
  })
  const known = { params: { code: 'WELCOME10' }, bearer, retry: patient }
  const voucher = await step('another try', () => http.get('/vouchers/:code', known).expect(200).json(Voucher))
  check('who waits is served', voucher.percentOff === 10)

  const { status } = answer
  await step('refused', () =>
    http.get('/vary', { query: { status }, name: 'refused' }).expect({ status, headers: { 'content-type': json } }),
  )
  await step('unavailable', () =>
    http
      .get('/vary', { query: { status: 503 }, name: 'unavailable' })
      .expect({ status: 503, headers: { 'retry-after': /^\d+$/ } }),
  )
})

expectLatency(errorHandling.step('invalid')).p(95).toBeBelow('1s')
expectLatency(errorHandling.step('another try')).p(95).toBeBelow('3s')
expectLatency(errorHandling.step('unavailable')).p(95).toBeBelow('1s')
expectErrorRate(errorHandling).toBeBelow('0.5%')
expectChecks(errorHandling).toBeAbove('99.9%')
