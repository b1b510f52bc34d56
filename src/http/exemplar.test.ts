import { expect, it } from 'vitest'
import { startServer } from './fixtures/servers.ts'
import { createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'
import type { HttpTrace, TracedAnswer, TracedRequest } from './trace.ts'
import { describeAnswer, describeRequest } from './describe-exchange.ts'

it('keeps of the first failed request what was sent, without credentials and cut', async () => {
  const server = await startServer((_, response) => void response.writeHead(500).end(`no ${'x'.repeat(5000)}`))
  const visitor = createVisitor({ baseUrl: server.origin })
  await visitor.run(async () => {
    await http.post('/orders', {
      query: { token: 'abcdef12345', q: 'lamp' },
      headers: { 'x-many': 'y'.repeat(5000), 'x-api-key': 'hunter2hunter2' },
      bearer: 'bearer-hunter2',
      json: { password: 'hunter2-password', note: 'z'.repeat(5000) },
    })
  })
  const [row] = (await visitor.finish()).errors
  const { request } = row?.exemplar ?? {}
  expect(request).toMatchObject({ method: 'POST', url: `${server.origin}/orders?token=[redacted]&q=lamp` })
  expect(Object.fromEntries(request?.headers ?? [])).toMatchObject({
    'x-api-key': '[redacted]',
    authorization: '[redacted]',
    'content-type': 'application/json',
  })
  expect(request?.body).toMatch(/^\{"password":"\[redacted\]","note":"z+…$/)
  expect(JSON.stringify(row)).not.toContain('hunter2')
  expect(JSON.stringify(row).length).toBeLessThan(1500)
})

it('lets a trace see each request, redirects and what cannot be sent included', async () => {
  const server = await startServer((request, response) => {
    if (request.url === '/old') response.writeHead(302, { location: '/new' }).end('moved')
    else
      response.setHeader('content-type', 'application/json').end('{"id":12345678901234567890,"token":"hunter2-token"}')
  })
  const lines: string[] = []
  const secrets = ['hunter2-token']
  const trace: HttpTrace = {
    sent: (_, request: TracedRequest) => lines.push(...describeRequest(request, secrets)),
    ended: (_, answer: TracedAnswer) => lines.push(...describeAnswer(answer, secrets)),
  }
  const visitor = createVisitor({ baseUrl: server.origin, trace, userAgent: 'test' })
  await visitor.run(async () => {
    await http.get('/old')
    await expect(http.get('http://elsewhere.test/')).rejects.toThrow('elsewhere.test')
  })
  const text = lines
    .filter((line) => !/^(?:date|connection|keep-alive|transfer-encoding|content-length):/.test(line))
    .join('\n')
    .replaceAll(server.origin, '<origin>')
    .replaceAll(/\d+\.\d ms(?: \(.*\))?/g, '… ms')
  expect(text).toMatchInlineSnapshot(`
    "GET <origin>/old
    user-agent: test
    302 Found  … ms
    location: /new

    moved
    GET <origin>/new
    user-agent: test
    200 OK  … ms
    content-type: application/json

    {"id":12345678901234567890,"token":"[redacted]"}
    no answer  … ms
    failed: script, GET request to http://elsewhere.test was not sent: only the origin of baseUrl, loopback hosts and listed targets may be contacted. Allow it with targets: ['http://elsewhere.test'] in loadProject() or functionalProject()."
  `)
})

it('shows the fields of a form beside its files, and what is read while it comes or discarded', async () => {
  const answers: Record<string, string> = {
    '/events': 'event: price\ndata: {"token":"hunter2-token","price":7}\n\n'.repeat(2),
    '/long': 'y'.repeat(50_000),
  }
  const server = await startServer((request, response) => {
    if (request.url === '/events') response.setHeader('content-type', 'text/event-stream')
    response.end(answers[request.url ?? ''])
  })
  const lines: string[] = []
  const trace: HttpTrace = {
    sent: (_, request: TracedRequest) => lines.push(...describeRequest(request, [])),
    ended: (_, answer: TracedAnswer) => lines.push(...describeAnswer(answer, [])),
  }
  const visitor = createVisitor({ baseUrl: server.origin, trace, userAgent: 'test' })
  const readme = new File(['of a file'], 'a.txt')
  const bytes = new Uint8Array([0, 1, 255])
  await visitor.run(async () => {
    await http.post('/in-memory', { multipart: { note: 'Grüße', password: 'hunter2', picture: bytes } })
    await http.post('/files', { multipart: { password: 'hunter2', readme, later: () => readme.stream() } })
    for await (const { data } of http.get('/events').events()) expect(data).toContain('price')
    await http.get('/long', { discardBody: true })
    for await (const chunk of http.get('/long').chunks()) expect(chunk.length).toBeGreaterThan(0)
  })
  const text = lines
    .filter((line) => !/^(?:date|connection|keep-alive|transfer-encoding|user-agent|content-length):/.test(line))
    .join('\n')
    .replaceAll(server.origin, '<origin>')
    .replaceAll(/\d+\.\d ms(?: \(.*\))?/g, '… ms')
    .replaceAll(/y{100,}/g, 'yyy')
    .replaceAll(/--vitest-load-[-\da-f]{36}/g, '--<boundary>')
  expect(text).not.toContain('hunter2')
  expect(text).toMatchInlineSnapshot(`
    "POST <origin>/in-memory
    content-type: multipart/form-data; [redacted]

    --[redacted]
    content-disposition: form-data; name="note"

    Grüße
    --[redacted]
    content-disposition: form-data; name="password"

    [redacted]
    --[redacted]
    content-disposition: form-data; name="picture"; filename="blob"
    content-type: application/octet-stream

    (3 bytes)
    --[redacted]

    200 OK  … ms
    POST <origin>/files
    content-type: multipart/form-data; [redacted]

    --[redacted]
    content-disposition: form-data; name="password"

    [redacted]
    --[redacted]
    content-disposition: form-data; name="readme"; filename="a.txt"
    content-type: application/octet-stream

    (9 bytes)
    --[redacted]
    content-disposition: form-data; name="later"; filename="blob"
    content-type: application/octet-stream

    (a stream)
    --[redacted]

    200 OK  … ms
    GET <origin>/events
    200 OK  … ms
    content-type: text/event-stream

    event: price
    data: {"token":"[redacted]","price":7}

    event: price
    data: {"token":"[redacted]","price":7}


    GET <origin>/long
    200 OK  … ms

    yyy
    (50000 bytes in all)
    GET <origin>/long
    200 OK  … ms

    yyy…
    (50000 bytes in all)"
  `)
})
