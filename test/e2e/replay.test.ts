import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
import { check, http, rows, scenario, step, think, vu } from 'vitest-load'

const users = Array.from({ length: 12 }, (_, index) => ({ name: 'user' + index, password: 'hunter2-of-' + index }))

scenario(
  'shop',
  { load: { vus: 3, iterations: 24 }, data: { user: rows(users) }, before: () => ({ shelf: 4 }) },
  async ({ data, prepared }) => {
    const { token } = await step('login', () => http.post('/login', { json: data.user }).expect(200).json()) as { token: string }
    await think('20ms')
    check('has a shelf', prepared.shelf === 4)
    await step('browse', () =>
      http.get('/products', { query: { dice: vu.random(), user: data.user.name, vu: vu.id, iteration: vu.iteration }, bearer: token }).expect(200))
  },
)
scenario('elsewhere', { load: { vus: 1, iterations: 1 } }, async () => { await http.get('/elsewhere') })
`

it('runs a failed iteration again, as it was, and tells whether it fails in the same way', async () => {
  let isBroken = true
  let seen: string[] = []
  const server = await startServer((request, response, body) => {
    const url = new URL(request.url ?? '/', 'http://x')
    seen.push(`${request.method ?? ''} ${request.url ?? ''} ${body}`)
    response.setHeader('set-cookie', 'sid=cookie-of-the-server')
    const isFailing = isBroken && url.searchParams.get('user') === 'user7'
    if (url.pathname === '/login')
      json(response, { token: `token-for-${(JSON.parse(body) as { name: string }).name}-0123` })
    else if (isFailing) json(response, { error: '::error::out of stock', echo: request.headers.authorization }, 500)
    else json(response, [{ id: 1 }])
  })
  const project = await createProject({ 'a.spec.ts': spec }, { load: `baseUrl: '${server.url}',` })

  const load = await project.vitest(['run', '--project', 'load'], { LOAD_THREADS: '2' })
  const [, id = ''] = /^ {2}http_5xx {2}(\w{6}) .*browse, GET \/products$/m.exec(load.stdout) ?? []
  expect(load.stdout).toContain(`LOAD_REPLAY=${id} npx vitest run --project load`)
  const [row] = load.results.get('shop')?.errors ?? []
  expect(row).toMatchObject({ id, count: 2, share: 1, exemplar: { rows: { user: 7 }, request: { method: 'GET' } } })
  const wanted = `vu=${row?.exemplar?.vu}&iteration=${row?.exemplar?.iteration}`
  const [failed = ''] = seen.filter((request) => request.includes('user7') && request.includes(wanted))
  expect(failed).toMatch(/dice=0\.\d+/)
  expect(JSON.stringify(load.results.get('shop'))).not.toMatch(secrets)

  seen = []
  const again = await project.vitest(['run', '--project', 'load'], { LOAD_REPLAY: id, LOAD_THREADS: '2' })
  expect(seen).toEqual(['POST /login {"name":"user7","password":"hunter2-of-7"}', failed])
  expect(again.stdout).toContain(`${id} failed again in the same way: http_5xx, answered 500`)
  expect(withoutTimes(exchangeOf(again.stdout))).toMatchInlineSnapshot(`
    "> 1  POST http://127.0.0.1/login  [login]
         user-agent: vitest-load/…
         content-type: application/json

         {
           "name": "user7",
           "password": "[redacted]"
         }
    < 1  200 OK  … ms
         set-cookie: [redacted]
         content-type: application/json
         date: …
         connection: keep-alive
         keep-alive: timeout=60
         transfer-encoding: chunked

         {
           "token": "[redacted]"
         }
    = step login: ok, … ms
    = check has a shelf: held

    > 2  GET http://127.0.0.1/products?dice=0.…&user=user7&vu=…&iteration=…  [browse]
         user-agent: vitest-load/…
         authorization: [redacted]
         cookie: [redacted]
    < 2  500 Internal Server Error  … ms
         set-cookie: [redacted]
         content-type: application/json
         date: …
         connection: keep-alive
         keep-alive: timeout=60
         transfer-encoding: chunked

         {
           "error": " error out of stock",
           "echo": "Bearer [redacted]"
         }
         failed: http_5xx, answered 500 Internal Server Error, expected 200
    = step browse: failed, … ms

    <id> failed again in the same way: http_5xx, answered 500 Internal Server Error, expected 200."
  `)
  expect(again.stdout + again.stderr).not.toMatch(secrets)
  expect([...again.tests].map(([name, test]) => [name, test.status])).toEqual([
    [`shop replay ${id}`, 'failed'],
    [`elsewhere replay ${id}`, 'skipped'],
  ])
  expect(again.exitCode).toBe(1)

  seen = []
  isBroken = false
  const repaired = await project.vitest(['run', '--project', 'load'], { LOAD_REPLAY: id })
  expect(seen).toHaveLength(2)
  expect(repaired.stdout).toContain(`${id} did not fail again: the iteration went through, with 2 requests.`)
  expect(repaired.exitCode).toBe(0)
})

const secrets = /hunter2|token-for|cookie-of-the-server/

/** From the first request to the last line. */
function exchangeOf(stdout: string): string {
  return /^> 1 [^]*?in the same way: .*$/m.exec(stdout)?.[0] ?? ''
}

function withoutTimes(text: string): string {
  return text
    .replaceAll(/\d+\.\d ms(?: \(.*\))?/g, '… ms')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1')
    .replaceAll(/dice=0\.\d+/g, 'dice=0.…')
    .replaceAll(/date: .*/g, 'date: …')
    .replaceAll(/vu=\d&iteration=\d+/g, 'vu=…&iteration=…')
    .replaceAll(/vitest-load\/\S+/g, 'vitest-load/…')
    .replaceAll(/^\w{6} failed/gm, '<id> failed')
}
