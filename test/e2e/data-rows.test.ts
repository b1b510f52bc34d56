import { expect, it } from 'vitest'
import { json as answer, startServer, type CountingServer } from './counting-server.ts'
import { createProject, type Project } from './project.ts'

const rows = 60
const numbers = Array.from({ length: rows }, (_, index) => index)
const usersCsv = ['id,name,password', ...numbers.map((id) => `${id},"User ${id}",secret-${id}`)].join('\r\n')
const productsJson = numbers.map((id) => JSON.stringify({ id })).join('\n')

/** Each scenario asks for a path of its own with the number of its row. */
const spec = `
  import { csv, generated, http, json, scenario, streamed } from 'vitest-load'
  import * as z from 'zod'

  const User = z.object({ id: z.coerce.number(), name: z.string(), password: z.string() })
  const users = (options) => csv('users.csv', { schema: User, ...options })
  const use = (path) => ({ data }) => http.get('/' + path + '/' + data.row.id).expect(200)
  const numbers = async function* () { for (let id = 0; id < ${rows}; id++) yield { id } }
  const halves = async function* ({ thread, threads }) { for (let id = thread; id < ${rows}; id += threads) yield { id } }

  scenario('unique', { load: { vus: 8, iterations: ${rows} }, data: { row: users({ pick: 'unique' }) } }, use('unique'))
  scenario('stop', { load: { vus: 8, duration: '20s' }, data: { row: users({ onEnd: 'stop' }) } }, use('stop'))
  scenario('shuffled', { load: { vus: 8, iterations: 500 }, data: { row: users({ pick: 'shuffle', onEnd: 'stop' }) } }, use('shuffled'))
  scenario('arrivals', { load: { rate: 200, duration: '20s' }, data: { row: json('products.ndjson', { onEnd: 'stop' }) } }, use('arrivals'))
  scenario('streamed', { load: { vus: 8, duration: '20s' }, data: { row: streamed(numbers, { prefetch: 3, onEnd: 'stop' }) } }, use('streamed'))
  scenario('own', { load: { vus: 8, iterationsPerVU: 1000 }, data: { row: streamed(halves, { use: 'all', onEnd: 'stop' }) } }, use('own'))
  scenario('generated', { load: { vus: 6, iterations: ${rows} }, data: { row: generated(({ index }) => ({ id: index })) } }, use('generated'))
  scenario('twice', { load: { vus: 4, iterations: ${2 * rows} }, data: { row: users({ pick: 'unique', onEnd: 'recycle' }) } }, use('twice'))
`

async function startCounting(): Promise<CountingServer> {
  return startServer((_request, response) => answer(response, { ok: true }))
}

async function createShop(server: CountingServer, text: string, options: string = ''): Promise<Project> {
  const files = { 'users.csv': usersCsv, 'products.ndjson': productsJson, 'rows.spec.ts': text }
  const functional = `baseUrl: '${server.url}'`
  return createProject(files, { functional, load: `${functional}, ${options}` })
}

it.for([1, 4])('uses every row as often as it should over %i threads', async (threads) => {
  const server = await startCounting()
  const project = await createShop(server, spec, `threads: ${threads}`)
  const run = await project.vitest(['--project', 'load'])
  const used = (path: string): number[] => numbers.map((id) => server.requests.get(`GET /${path}/${id}`) ?? 0)
  for (const path of ['unique', 'stop', 'shuffled', 'arrivals', 'streamed', 'own', 'generated', 'twice'])
    expect([path, ...used(path)]).toEqual([path, ...numbers.map(() => (path === 'twice' ? 2 : 1))])
  expect(server.total).toBe(9 * rows)
  for (const path of ['stop', 'shuffled', 'arrivals', 'streamed', 'own']) {
    const result = run.results.get(path)
    expect(result?.warnings).toContainEqual(`the load ended because data.row had no more rows (onEnd: 'stop')`)
    expect(result).toMatchObject({ verdict: 'pass', iterations: { started: rows, ok: rows, dropped: 0 } })
  }
  expect(run.exitCode).toBe(0)
})

it('keeps a row for all iterations of a virtual user', async () => {
  const server = await startCounting()
  const project = await createShop(
    server,
    `
      import { csv, http, scenario, vu } from 'vitest-load'
      const data = { row: csv(new URL('./users.csv', import.meta.url), { pick: 'unique', per: 'vu' }) }
      scenario('kept', { load: { vus: 5, iterationsPerVU: 4 }, data }, ({ data }) => http.get('/' + vu.id + '/' + data.row.id).expect(200))
      scenario('too many', { load: { vus: ${rows + 1}, duration: '1s' }, data }, () => http.get('/never'))
    `,
    'threads: 2',
  )
  const run = await project.vitest(['--project', 'load'])
  const expected = [1, 2, 3, 4, 5].map((id) => [`GET /${id}/${id - 1}`, 4])
  expect(Object.fromEntries(server.requests)).toEqual(Object.fromEntries(expected))
  expect(run.tests.get('too many load')?.messages[0]).toContain(
    `data.row: has 60 unique rows for 61 virtual users. Add rows, run fewer virtual users, or set onEnd: 'recycle'`,
  )
})

it('refuses rows before the first request, and shows none of their values', async () => {
  const server = await startCounting()
  const project = await createShop(
    server,
    `
      import { csv, http, scenario, streamed } from 'vitest-load'
      import * as z from 'zod'
      const Numbered = z.object({ id: z.coerce.number(), name: z.coerce.number() })
      const Quoting = z.object({ password: z.string().refine(() => false, { error: ({ input }) => 'bad ' + input }) })
      const before = () => http.get('/before')
      const visit = () => http.get('/never')
      scenario('misfit', { load: { vus: 2, iterations: 4 }, before, data: { user: csv('users.csv', { schema: Numbered }) } }, visit)
      scenario('quoting', { load: { vus: 2, iterations: 4 }, before, data: { user: csv('users.csv', { schema: Quoting }) } }, visit)
      scenario('scarce', { load: { vus: 2, iterations: 61 }, before, data: { user: csv('users.csv', { pick: 'unique' }) } }, visit)
      scenario('missing', { load: { vus: 2, iterations: 4 }, before, data: { user: csv('nobody.csv') } }, visit)
      scenario('broken', { load: { vus: 2, iterations: 4 }, data: { user: streamed(() => { throw new Error('no database') }) } }, visit)
    `,
    'threads: 2',
  )
  const run = await project.vitest(['--project', 'load'])
  const message = (scenario: string): string => run.tests.get(`${scenario} load`)?.messages[0] ?? ''
  expect(message('misfit')).toContain(`csv('users.csv') cannot be used: 60 problems.\n  - line 2: name: `)
  expect(message('misfit')).toContain('- and 50 more')
  expect(message('quoting')).toContain('password: bad ')
  expect(message('scarce')).toContain('data.user: has 60 unique rows for 61 iterations')
  expect(message('missing')).toContain('nobody.csv')
  expect(message('broken')).toContain('The source of streamed() failed: no database')
  expect(server.total).toBe(0)
  expect(`${run.stdout}${run.stderr}`).not.toMatch(/secret-\d|User 1/)
})
