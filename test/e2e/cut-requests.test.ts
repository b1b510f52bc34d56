import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
  import { http, scenario } from 'vitest-load'
  async function* endless() {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      yield 'x'.repeat(100)
    }
  }
  const load = { vus: 4, duration: '300ms', gracefulStop: '200ms' }
  scenario('waiting', { load }, async () => {
    await http.get('/down', { retry: { limit: 3, delay: '20s' } }).expect(200)
  })
  scenario('sending', { load }, async () => {
    await http.put('/upload', { body: endless, retry: 3, compress: 'gzip', timeout: { headers: '50s' } }).expect(200)
  })
`

it('ends waits between attempts, and endless uploads, with the load', async () => {
  const server = await startServer((_, response) => json(response, {}, 503))
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' },
  )
  const run = await project.vitest(['run', '--project', 'load'])
  const cut = { started: 4, ok: 0, failed: 0, aborted: 4 }
  const waiting = run.results.get('waiting')
  expect(waiting, run.stdout + run.stderr).toMatchObject({
    threads: 2,
    iterations: cut,
    requests: { started: 4, failed: 4 },
    errors: [{ category: 'http_5xx', count: 4, request: 'GET /down' }],
  })
  const sending = run.results.get('sending')
  expect(sending).toMatchObject({
    iterations: cut,
    requests: { started: 4, aborted: 4 },
    errors: [{ category: 'aborted', count: 4, request: 'PUT /upload' }],
  })
  for (const result of [waiting, sending]) expect(result?.durationMs).toBeLessThan(5000)
  expect(server.total).toBe(8)
})
