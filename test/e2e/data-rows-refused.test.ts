import { expect, it } from 'vitest'
import { json as answer, startServer, type CountingServer } from './counting-server.ts'
import { createProject, type Project } from './project.ts'

const rows = 60
const numbers = Array.from({ length: rows }, (_, index) => index)
const usersCsv = ['id,name,password', ...numbers.map((id) => `${id},"User ${id}",secret-${id}`)].join('\r\n')

async function startCounting(): Promise<CountingServer> {
  return startServer((_request, response) => answer(response, { ok: true }))
}

async function createShop(server: CountingServer, text: string): Promise<Project> {
  const files = { 'users.csv': usersCsv, 'rows.spec.ts': text }
  const functional = `baseUrl: '${server.url}'`
  return createProject(files, { functional, load: `${functional}, threads: 2` })
}

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
