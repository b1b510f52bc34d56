import { expect, it } from 'vitest'
import { startServer, type Answer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
  import { check, http, scenario, step, vu } from 'vitest-load'
  import { z } from 'zod'
  const load = { vus: 2, iterationsPerVU: 10 }
  scenario('found', { load }, async () => {
    const id = await step('json', () => http.get('/json').expect({ status: '2xx', latency: '20s' }).jsonPath('$.id', z.string()))
    const csrf = await step('html', () => http.get('/html').expect(200).css('input[name=csrf]', { attribute: 'value' }))
    const { groups } = await step('text', () => http.get('/html').match('value=(?<csrf>\\\\w+)'))
    const order = await step('xml', () => http.get('/xml').expect({ headers: { 'content-type': /xml/ } }).xpath('/order/@id'))
    const next = await step('header', () => http.get('/html').header('x-next'))
    check('all are there', [id, csrf, groups.csrf, order, next].every((value) => value.length > 0))
  })
  scenario('missing', { load, slo: { errorRate: false } }, async () => {
    const attempts = {
      json: () => http.get('/json').jsonPath('$.token'),
      match: () => http.get('/html').match(/none/),
      css: () => http.get('/html').css('h1'),
      xpath: () => http.get('/xml').xpath('//none'),
      noxml: () => http.get('/html').css('p', { attribute: 'id' }),
      header: () => http.get('/xml').header('etag'),
      filter: () => http.get('/json').jsonPath('$..[?(@.id)]'),
      body: () => http.get('/html').expect({ body: vu.uniqueId(), headers: { etag: true } }),
      slow: () => http.get('/html').expect({ latency: '1us' }),
      nonsense: () => http.get('/html').expect({ bodi: 'x' }),
    }
    for (const [name, attempt] of Object.entries(attempts)) await step(name, attempt).catch(() => {})
  })
`

const mocks = `
  import { http, HttpResponse } from 'msw'
  let count = 0
  export const handlers = [
    http.get('*/json', () => HttpResponse.json({ id: 'n' + count++ })),
    http.get('*/html', () => HttpResponse.html('<p>' + count++ + '</p><input name=csrf value=abc>', { headers: { 'x-next': '/next' } })),
    http.get('*/xml', () => HttpResponse.xml('<order id="o' + count++ + '"/>')),
  ]
`

let count = 0
const answer: Answer = ({ url = '' }, response) => {
  count += 1
  if (url === '/json') response.setHeader('content-type', 'application/json').end(`{"id":"n${count}"}`)
  else if (url === '/xml') response.setHeader('content-type', 'text/xml').end(`<order id="o${count}"/>`)
  else {
    response.writeHead(200, { 'content-type': 'text/html', 'x-next': '/next' })
    response.end(`<p>${count}</p><input name=csrf value=abc>`)
  }
}

const rows = [
  ['body', 'assertion', 'has no header etag; body does not contain the expected text', 20],
  ['css', 'extraction', "GET /html has nothing at 'h1' in its answer.", 20],
  [
    'filter',
    'script',
    'GET /json: .jsonPath() runs no filters and scripts unless told to. Write .jsonPath("$..[?(@.id)]", { filters: true }).',
    20,
  ],
  ['header', 'extraction', "GET /xml has no header 'etag' in its answer.", 20],
  ['json', 'extraction', 'GET /json has no value at $.token in its answer.', 20],
  ['match', 'extraction', 'GET /html has no match of /none/ in its answer.', 20],
  ['nonsense', 'script', ".expect() cannot be used: bodi: unknown option; did you mean 'body'?", 20],
  ['noxml', 'extraction', "GET /html has no attribute id at 'p' in its answer.", 20],
  ['slow', 'timeout', 'took longer than the 1 µs that .expect() allows', 20],
  ['xpath', 'extraction', "GET /xml has nothing at '//none' in its answer.", 20],
]

it('reads answers alike over HTTP and offline, and has one row for equal failures', async () => {
  const server = await startServer(answer)
  const offline = "offline: { handlers: './mocks/handlers.ts', enabled: false }"
  const project = await createProject(
    { 'shop.spec.ts': spec, 'mocks/handlers.ts': mocks },
    { load: `baseUrl: '${server.url}', threads: 2, ${offline}`, functional: '' },
  )
  for (const variables of [{}, { LOAD_OFFLINE: '1' }]) {
    const { results, stdout, stderr } = await project.vitest(['run', '--project=load'], variables)
    expect(results.get('found')?.checks, stdout + stderr).toEqual([
      { name: 'all are there', step: '', passed: 20, failed: 0 },
    ])
    expect(results.get('found')?.errors).toEqual([])
    const { errors = [] } = results.get('missing') ?? {}
    const told = errors.map(({ step, category, message, count: times }) => [step, category, message, times])
    expect(told.toSorted(([left], [right]) => String(left).localeCompare(String(right)))).toEqual(rows)
    for (const { category, exemplar } of errors)
      if (category === 'extraction') expect(exemplar?.response).toMatch(/^(?:\{"id":"n\d+"\}|<p>\d+<\/p>|<order )/)
  }
})

it('shows in an ordinary test what was looked for, in what, and where', async () => {
  const server = await startServer(answer)
  const test = `
    import { test } from 'vitest'
    import { http } from 'vitest-load'
    test('token', async () => {
      await http.get('/json').expect(200).jsonPath('$.token')
    })
  `
  const project = await createProject({ 'shop.spec.ts': test }, { load: `baseUrl: '${server.url}'` })
  const { exitCode, stderr, stdout } = await project.vitest(['run', '--project=functional'])
  expect(exitCode).toBe(1)
  expect(stdout + stderr).toMatch(
    /LoadError: GET \/json has no value at \$\.token in its answer\. It was 200 OK: \{"id":"n\d+"\}/,
  )
  expect(stdout + stderr).toMatch(/❯ shop\.spec\.ts:5:\d+/)
  expect(stdout + stderr).not.toContain('row:')
})
