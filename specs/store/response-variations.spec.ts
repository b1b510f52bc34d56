import { check, expectErrorRate, expectLatency, http, rows, scenario } from 'vitest-load'
import { Product } from '../../examples/store/schemas.ts'

const variations = [
  { bytes: 0, encoding: 'identity', moved: 301 },
  { bytes: 1_000, encoding: 'gzip', moved: 302 },
  { bytes: 100_000, encoding: 'br', moved: 308 },
]
const options = {
  load: { vus: 10, duration: '4s' },
  data: { variation: rows(variations) },
  steps: ['size', 'formats', 'encoding', 'part', 'pages', 'unchanged', 'moved', 'see other', 'slow', 'empty'],
} as const

/** The catalogue in another format, as a request with a name of its own: each takes differently long. */
const catalogueAs = (accept: string): Promise<string> =>
  http
    .get('/catalogue', { headers: { accept }, name: `GET /catalogue as ${accept}` })
    .expect(200)
    .text()

/** The products of this page and of all that follow it, as its links say. */
async function collect(url: string): Promise<Product[]> {
  const page = await http.get(url).expect(200)
  const products = await page.json(Product.array())
  const next = /<([^>]+)>; rel="next"/.exec(page.header('link') ?? '')?.[1]
  return next === undefined ? products : [...products, ...(await collect(next))]
}

const responses = scenario('response variations', options, async ({ data: { variation }, step }) => {
  const { bytes, encoding, moved } = variation
  const sized = await step('size', () => http.get('/vary', { query: { bytes }, name: 'sized' }).expect(200).bytes())
  check('an answer is as long as it should be', sized.length === bytes)

  await step('formats', async () => {
    const csv = await catalogueAs('text/csv')
    check('the CSV has a line for each product', csv.match(/\r\np-/g)?.length === 200)
    const xml = await catalogueAs('application/xml')
    check('the XML has an element for each product', xml.match(/<product /g)?.length === 200)
    const html = await catalogueAs('text/html')
    check('the page has a row for each product', html.match(/<tr><td>/g)?.length === 200)
  })

  // Compression is asked for by whoever wants it. Answers are decompressed; their headers stay as they came.
  const headers = { 'accept-encoding': encoding }
  const packed = await step('encoding', () => http.get('/catalogue', { headers }).expect(200))
  check('the store answers in the encoding', (packed.header('content-encoding') ?? 'identity') === encoding)
  check('whatever the encoding, all products are there', (await packed.json(Product.array())).length === 200)

  const range = { range: 'bytes=0-99' }
  const part = await step('part', () => http.get('/catalogue', { headers: range, name: 'part' }).expect(206).text())
  check('a part is the part', part.length === 100 && part.startsWith('[{"id":"p-1"'))

  const lamps = await step('pages', () => collect('/products?category=lamp&limit=8'))
  check('the pages lead to all lamps', new Set(lamps.map(({ id }) => id)).size === 20)

  await step('unchanged', async () => {
    const params = { id: 'p-1' }
    const known = await http.get('/products/:id', { params }).expect(200)
    const conditional = { 'if-none-match': known.header('etag') }
    const again = await http.get('/products/:id', { params, headers: conditional, name: 'revalidate' }).expect(304)
    check('nothing comes twice', (await again.bytes()).length === 0)
  })

  // What is expected is expected of the last answer. Each redirect on the way there is a request of its own.
  const found = await step('moved', () =>
    http.get('/vary', { query: { status: moved, location: '/health' }, name: 'moved' }).expect(200),
  )
  check('a redirect leads there', found.url.endsWith('/health'))
  await step('see other', async () => {
    const elsewhere = { status: 303, location: '/health' }
    await http.post('/vary', { query: elsewhere, json: { order: 1 }, name: 'see other' }).expect(200)
    const by = await http.post('/vary', { query: elsewhere, redirect: 'manual', name: 'not followed' }).expect(303)
    check('where it leads can be seen', by.header('location') === '/health')
  })

  const slow = await step('slow', () =>
    http.get('/vary', { query: { delayMs: 200 }, timeout: '5s', name: 'slow' }).expect(200),
  )
  check('the wait is before the first byte', slow.timings.waiting > 150)
  const empty = await step('empty', () => http.get('/vary', { query: { status: 204 }, name: 'empty' }).expect(204))
  check('nothing is nothing', (await empty.text()) === '')
})

expectLatency(responses.step('size')).p(95).toBeBelow('500ms')
expectLatency(responses.request('GET /catalogue as text/csv')).p(95).toBeBelow('500ms')
expectLatency(responses.step('pages')).p(95).toBeBelow('1s')
expectLatency(responses.step('slow')).p(50).toBeBetween('200ms', '500ms')
expectErrorRate(responses).toBeBelow('0.5%')
