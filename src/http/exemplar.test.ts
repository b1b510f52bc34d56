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
