import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { expect, it, onTestFinished } from 'vitest'
import { createProject } from './project.ts'

/** Stands in no file of the project. */
const key = 'key-4711-s3cr3t'

const spec = `
import { openAsBlob } from 'node:fs'
import { Readable } from 'node:stream'
import { http, scenario } from 'vitest-load'

const photo = new URL('./photo.txt', import.meta.url)
const lines = () => Readable.from(['one\\n', 'two\\n'])

scenario('uploads', { load: { vus: 4, iterationsPerVU: 3 }, slo: { errorRate: false } }, async ({ vu }) => {
  const multipart = { id: vu.uniqueId(), photo: await openAsBlob(photo, { type: 'text/plain' }), lines }
  const stored = await http.post('/photos', { multipart, discardBody: false }).expect(201).json()
  if (stored.photo !== 'a lamp' || stored.lines !== 'one\\ntwo\\n') throw new Error('not what was sent')
  await http.post('/lines', { body: lines, compress: 'gzip' }).expect(204)
  await http.get('/download').expect(200)
  if (vu.iteration === 2) await http.get('/broken')
})
`

const config = `
  headers: { 'x-api-key': process.env.KEY ?? '' }, userAgent: 'shop-load', traceparent: true, discardBodies: true,
  maxResponseBytes: 1000, timeout: { total: '20s', headers: '10s' }
`

interface Seen {
  readonly bodies: string[]
  readonly headers: IncomingMessage['headers'][]
}

async function startShop(): Promise<{ url: string; seen: Seen }> {
  const seen: Seen = { bodies: [], headers: [] }
  const server = createServer((request, response) => {
    void buffer(request).then(async (body) => {
      seen.headers.push(request.headers)
      if (request.url === '/photos') {
        const type = String(request.headers['content-type'])
        const made = new Request('http://unused', {
          method: 'POST',
          headers: { 'content-type': type },
          body: new Uint8Array(body),
        })
        // oxlint-disable-next-line no-deprecated -- small forms of a test, read by another implementation
        const form = [...(await made.formData())].map(async ([name, value]) => [
          name,
          typeof value === 'string' ? value : await value.text(),
        ])
        response.writeHead(201).end(JSON.stringify(Object.fromEntries(await Promise.all(form))))
      } else if (request.url === '/lines') {
        seen.bodies.push(String(gunzipSync(body)))
        response.writeHead(204).end()
      } else if (request.url === '/download') response.end('x'.repeat(100_000))
      else response.writeHead(500).end(`no such key: ${key}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close().closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

it('sends forms, streams and compressed bodies from every thread, as the project says', async () => {
  const { url, seen } = await startShop()
  const project = await createProject(
    { 'uploads.spec.ts': spec, 'photo.txt': 'a lamp' },
    { load: `baseUrl: '${url}', ${config}, threads: 2`, functional: `baseUrl: '${url}', ${config}` },
  )
  const run = await project.vitest(['run', '--project', 'load'], { KEY: key })
  const result = run.results.get('uploads')
  expect(result?.requests).toMatchObject({ ok: 36, failed: 4 })
  expect(seen.bodies).toEqual(Array.from({ length: 12 }, () => 'one\ntwo\n'))
  expect(seen.headers).toHaveLength(40)
  for (const headers of seen.headers) expect(headers).toMatchObject({ 'x-api-key': key, 'user-agent': 'shop-load' })
  const traces = seen.headers.map(({ traceparent }) => String(traceparent).split('-')[1])
  expect(new Set(traces).size).toBe(40)
  const [row] = result?.errors ?? []
  expect(row).toMatchObject({ category: 'http_5xx', count: 4, exemplar: { response: 'no such key: [redacted]' } })
  expect(traces).toContain(row?.exemplar?.traceId)
  expect(JSON.stringify([run.stdout, run.stderr, result, [...run.tests]])).not.toContain(key)
})

it('sends the same from a functional project, and says what is wrong with its options', async () => {
  const { url, seen } = await startShop()
  const files = { 'uploads.spec.ts': spec, 'photo.txt': 'a lamp' }
  const project = await createProject(files, { load: `baseUrl: '${url}', ${config}` })
  const run = await project.vitest(['run', '--project', 'functional'], { KEY: key })
  expect([run.exitCode, seen.headers.length]).toEqual([0, 3])
  const wrong = await createProject(files, {
    load: `headers: { 'x-api-key': process.env.KEY + '\\n', 'content-length': '1' }, timeout: { connect: '1s' }`,
  })
  const refused = await wrong.vitest(['run', '--project', 'load'], { KEY: key })
  expect(refused.stderr).toContain('headers.x-api-key: expected characters that a header may have')
  expect(refused.stderr).toContain('timeout.connect: unknown option; known are total, headers, body')
  expect(refused.stdout + refused.stderr).not.toContain(key)
})
