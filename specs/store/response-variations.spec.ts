import { check, expectErrorRate, expectLatency, http, type PendingRequest, rows, scenario, think } from 'vitest-load'
import { z } from 'zod'
import { Product } from '../../examples/store/schemas.ts'
import { followPages } from './shop.ts'

const variations = [
  { bytes: 0, encoding: 'identity', moved: 301 },
  { bytes: 1_000, encoding: 'gzip', moved: 302 },
  { bytes: 100_000, encoding: 'br', moved: 308 },
]
const options = {
  load: { vus: 3, duration: '4s' },
  data: { variation: rows(variations) },
  steps: ['size', 'formats', 'encoding', 'part', 'pages', 'moved', 'not followed', 'slow', 'empty'],
} as const

/** The catalogue in another format, as a request with a name of its own: each takes differently long. */
const catalogueAs = (type: string): PendingRequest =>
  http
    .get('/catalogue', { headers: { accept: type }, name: `GET /catalogue as ${type}` })
    .expect({ status: 200, headers: { 'content-type': type } })

const responses = scenario('response variations', options, async ({ data: { variation }, step }) => {
  const { bytes, encoding, moved } = variation
  const sized = await step('size', () => http.get('/vary', { query: { bytes }, name: 'sized' }).expect(200).bytes())
  check('an answer is as long as it should be', sized.length === bytes)

  // What is not there ends the iteration, and says what was looked for.
  await step('formats', async () => {
    const id = await catalogueAs('application/json').jsonPath('$[199].id', z.string())
    const { groups } = await catalogueAs('text/csv').match('\r\np-200,(?<name>[^,]+),')
    const name = await catalogueAs('application/xml').xpath('/products/product[@id="p-200"]')
    const cells = await catalogueAs('text/html').css('tr:last-child td', { all: true })
    check('every format has the last product', id === 'p-200' && groups.name === name && cells[1] === name)
  })
  await think('50ms', '150ms')

  // Compression is asked for by whoever wants it. Answers are decompressed; their headers stay as they came.
  const headers = { 'accept-encoding': encoding }
  const packed = await step('encoding', () => http.get('/catalogue', { headers }).expect('2xx'))
  check('the store answers in the encoding', (packed.header('content-encoding') ?? 'identity') === encoding)
  check('whatever the encoding, all products are there', (await packed.json(Product.array())).length === 200)

  const range = { headers: { range: 'bytes=0-99' }, name: 'part' }
  const isPart = { status: 206, headers: { 'content-range': /^bytes 0-99\// } }
  const part = await step('part', () => http.get('/catalogue', range).expect(isPart).bytes())
  check('a part is the part', part.length === 100)

  const lamps = await step('pages', () => followPages('/products?category=lamp&limit=8'))
  check('the pages lead to all lamps', new Set(lamps.map(({ id }) => id)).size === 20)
  await think('50ms', '150ms')

  // What is expected is expected of the last answer. Each redirect on the way there is a request of its own.
  const there = { status: moved, location: '/health' }
  const found = await step('moved', () => http.get('/vary', { query: there, name: 'moved' }).expect(200))
  check('it was moved once', found.redirects.map(({ status }) => status).join() === `${moved}`)
  check('a redirect leads there', found.url.endsWith('/health'))
  await step('not followed', () =>
    http
      .post('/vary', { query: { ...there, status: 303 }, redirect: 'manual', name: 'not followed' })
      .expect({ status: 303, headers: { location: '/health' } }),
  )

  const late = { query: { delayMs: 200 }, timeout: { total: '10s', headers: '5s' }, name: 'slow' }
  const slow = await step('slow', () => http.get('/vary', late).expect(200))
  check('the wait is before the first byte', slow.timings.waiting > 150)
  const empty = await step('empty', () => http.get('/vary', { query: { status: 204 }, name: 'empty' }).expect(204))
  check('nothing is nothing', (await empty.text()) === '')
})

// Of requests rather than of `formats`: to read markup takes this side longer than the store takes to send it.
expectLatency(responses.request('sized')).p(95).toBeBelow('2s')
expectLatency(responses.request('GET /catalogue as text/csv')).p(95).toBeBelow('2s')
expectLatency(responses.step('pages')).p(95).toBeBelow('3s')
expectLatency(responses.request('slow')).p(50).toBeBetween('200ms', '2s')
expectErrorRate(responses).toBeBelow('0.5%')
