import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { categorise, excerptOfThrown } from '../engine/categorise.ts'
import type { AnswerReader } from './answer-reader.ts'
import { startServer } from './fixtures/servers.ts'
import { createVisitor, type Visitor } from './fixtures/visitor.ts'
import { http } from './http.ts'
import type { PendingRequest } from './pending-request.ts'

const bodies: Readonly<Record<string, [type: string, body: string]>> = {
  '/json': ['application/json', '{"id":7,"token":"t0p-s3cret-value"}'],
  '/html': ['text/html', '<form><input name=csrf value=c1></form>'],
  '/xml': ['application/xml', '<order id="o1"/>'],
}

async function visit(): Promise<Visitor> {
  const server = await startServer(({ url = '' }, response) => {
    const [type, body] = bodies[url] ?? ['', '']
    response.writeHead(200, { 'content-type': type, location: '/next', 'x-two': ['a', 'b'] }).end(body)
  })
  return createVisitor({ baseUrl: server.origin })
}

/** A promise of a pending request would be one of its response. */
interface Opened {
  readonly answer: AnswerReader
}

/** What both an awaited and a pending answer can be asked for. */
async function readAll(open: (path: string) => Opened | Promise<Opened>): Promise<unknown[]> {
  return [
    await (await open('/json')).answer.jsonPath('$.id', z.number()),
    (await (await open('/json')).answer.match('"id":(?<id>\\d+)')).groups.id,
    await (await open('/html')).answer.css('input', { attribute: 'value' }),
    await (await open('/xml')).answer.xpath('/order/@id'),
    await (await open('/html')).answer.xpath('count(//input)', { as: 'number' }),
  ]
}

describe('an answer', () => {
  it('is read alike whether it is there or awaited', async () => {
    const visitor = await visit()
    const expected = [7, '7', 'c1', 'o1', 1]
    expect(await visitor.run(() => readAll((path) => ({ answer: http.get(path).expect(200) })))).toEqual(expected)
    expect(await visitor.run(() => readAll(async (path) => ({ answer: await http.get(path) })))).toEqual(expected)
  })

  it('has the headers that it must have', async () => {
    const visitor = await visit()
    await visitor.run(async () => {
      expect(await http.get('/json').expect(200).header('Location')).toBe('/next')
      expect(await http.get('/json').header('x-two')).toBe('a, b')
      const missing = http.get('/json').header('etag')
      await expect(missing).rejects.toMatchObject({
        code: 'ERR_LOAD_EXTRACTION',
        category: 'extraction',
        counted: false,
      })
      await expect(missing).rejects.toThrow(
        /^GET \/json has no header 'etag' in its answer\. It has content-type, location, x-two.* It was 200 OK: \{"id":7,"token":"\[redacted\]"\}$/,
      )
      await expect(http.get('/json').header('')).rejects.toMatchObject({ category: 'script' })
      expect((await http.get('/json')).header('etag')).toBeUndefined()
    })
  })

  it('may go unread without an unhandled rejection', async () => {
    const visitor = await visit()
    await visitor.run(async () => {
      const pending = http.get('/json')
      void pending.match('none')
      void pending.css('none')
      void pending.header('none')
      await pending
    })
    await visitor.finish()
  })
})

describe('the error of a missing value', () => {
  it('leads to the awaiting line, also where a library was loaded first', async () => {
    const visitor = await visit()
    const readings = [
      async function byPattern() {
        return await http.get('/html').match('none')
      },
      async function byPath() {
        return await http.get('/json').expect(200).jsonPath('$.none')
      },
      async function bySelector() {
        return await http.get('/html').expect(200).css('none')
      },
      async function byXPath() {
        return await http.get('/xml').xpath('//none')
      },
      async function byHeader() {
        return await http.get('/xml').header('none')
      },
      async function ofResponse() {
        const response = await http.get('/xml')
        return await response.xpath('//none')
      },
    ]
    for (const reading of readings) {
      const thrown: unknown = await visitor.run(reading).catch((error: unknown) => error)
      expect((thrown as Error).stack).toContain(reading.name)
    }
  })

  it('does not show a credential that was sent', async () => {
    const server = await startServer(({ headers }, response) => {
      response.setHeader('x-echo', String(headers.authorization)).end(`<p>you are ${String(headers.authorization)}</p>`)
    })
    const visitor = createVisitor({ baseUrl: server.origin })
    const token = 'k3pt-to-ourselves'
    const send = (): PendingRequest => http.get('/', { bearer: token })
    const readings = [
      () => send().css('h1'),
      () => send().xpath('//none'),
      () => send().match(new RegExp(`${token}!`)),
      () => send().jsonPath('$.id'),
      () => send().header('none'),
      () => send().expect({ headers: { 'x-echo': 'none' }, body: `${token}!` }),
    ]
    for (const reading of readings) {
      const thrown: unknown = await visitor.run(async () => await reading()).catch((error: unknown) => error)
      expect(thrown).toBeInstanceOf(Error)
      expect((thrown as Error).stack).not.toContain(token)
      expect(categorise(thrown).message + excerptOfThrown(thrown)).not.toContain(token)
    }
    expect(JSON.stringify((await visitor.finish()).errors)).not.toContain(token)
  })

  it('is a row of the error table that is the same for all answers, with an excerpt for its exemplar', async () => {
    const visitor = await visit()
    const thrown: unknown = await visitor
      .run(() => http.get('/json').jsonPath('$.none'))
      .catch((error: unknown) => error)
    expect(categorise(thrown)).toEqual({
      category: 'extraction',
      message: 'GET /json has no value at $.none in its answer.',
    })
    expect(excerptOfThrown(new Error('login failed', { cause: thrown }))).toBe('{"id":7,"token":"[redacted]"}')
    expect(excerptOfThrown('text')).toBe('')
  })
})
