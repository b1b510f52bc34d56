import { expect, it } from 'vitest'
import { startServer, type CountingServer } from './counting-server.ts'
import { createProject } from './project.ts'

/** Answers after a while, and knows how many connections were open at once. */
async function startSlow(): Promise<{ server: CountingServer; most: () => number }> {
  const open = new Set<unknown>()
  let most = 0
  const server = await startServer((request, response) => {
    const { socket } = request
    if (!open.has(socket)) {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
      most = Math.max(most, open.size)
    }
    setTimeout(() => response.end('ok'), 5)
  })
  return { server, most: () => most }
}

it('shares connections between the virtual users of all threads', async () => {
  const { server, most } = await startSlow()
  const spec = `
    import { http, scenario } from 'vitest-load'
    scenario('many users', { load: { vus: 20, iterations: 200 }, setup: () => http.get('/setup').expect(200) }, async () => {
      await Promise.all([http.get('/a').expect(200), http.get('/b').expect(200)])
    })
  `
  const load = `baseUrl: '${server.url}', threads: 2, connections: { shared: 5 }, tls: { rejectUnauthorized: false },`
  const project = await createProject({ 'a.spec.ts': spec }, { load, functional: load.replace('threads: 2,', '') })

  const { results, stdout, stderr, exitCode } = await project.vitest(['run', '--project', 'load'])
  const result = results.get('many users') ?? expect.fail(stdout + stderr)
  expect([exitCode, server.total]).toEqual([0, 420])
  expect([most(), server.connections]).toEqual([5, 5])
  expect(result.connections).toMatchObject({
    opened: 5,
    reused: 415,
    closed: 5,
    origins: [{ opened: 5, peakOpen: 5, failed: 0, closed: { end: 5, error: 0, cut: 0 } }],
  })
  expect(result.connections.origins?.[0]?.waited).toBeGreaterThan(200)
  expect(result.warnings).toContainEqual(expect.stringMatching(/ requests to .* waited for a connection, /))

  expect(result.warnings).toContainEqual(expect.stringContaining('certificates were not checked'))

  const functional = await project.vitest(['run', '--project', 'functional'])
  expect(functional.exitCode).toBe(0)
  expect(server.total).toBe(423)
})
