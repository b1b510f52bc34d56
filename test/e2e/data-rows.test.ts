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

it.for([1, 2])('uses every row as often as it should over %i threads', async (threads) => {
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
