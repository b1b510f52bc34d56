import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startEcho, startServer } from './fixtures/servers.ts'
import { createVisitor, type Visitor } from './fixtures/visitor.ts'
import { http } from './http.ts'
import { parseTemplate } from './path-params.ts'
import { optionNames as knownOptions } from './request-checks.ts'
import { requestProblems } from './request-problems.ts'

const base = 'http://127.0.0.1:1'
const secret = 's3cret-Value-of-42'

/** Options as JavaScript and casts allow them. */
const wrong = (value: unknown): never => value as never

async function messageOf(visitor: Visitor, send: () => PromiseLike<unknown>): Promise<string> {
  try {
    await visitor.run(send)
  } catch (thrown) {
    expect(thrown).toMatchObject({ name: 'LoadError', category: 'script', counted: true })
    return (thrown as Error).message
  }
  return 'sent'
}

class Settings {
  readonly #secret: string = secret
  get length(): number {
    return this.#secret.length
  }
}

const known = `known are ${[...knownOptions].join(', ')}`
const optionNames = [...known.slice('known are '.length).split(', '), 'other']
const circular: Record<string, unknown> = {}
circular['self'] = circular
const timeout = "timeout: expected a duration such as '250ms' or '30s', above zero and at most '596h'; received"
const field = 'expected a text, number or boolean, or an array of them; received'
const body =
  'body: expected a text, a Uint8Array, a Blob or a stream; for JSON there is json, for fields form, for files multipart; received'
const basic =
  'basic: expected an object with username and password, both of them texts, and no colon in the username; received'
const headers = "headers: expected an object such as { accept: 'text/html' }; received"
const options = 'options: expected an object such as { query: { page: 2 } }; received'
const param = "params.id: expected a text or a number for ':id' of the path;"
const strange = 'expected characters that a header may have; received one with'

const problems: [options: unknown, ...lines: string[]][] = [
  ['text', `${options} a text; write { body: text }, or { json: value } for JSON`],
  [null, `${options} null`],
  [5, `${options} a number`],
  [[], `${options} an empty array`],
  [[{ query: {} }], `${options} an array`],
  [new Map(), `${options} an object (Map)`],
  [new Settings(), `${options} an object (Settings)`],
  [Promise.resolve({}), `${options} a promise, which was not awaited`],
  [{ header: { 'x-key': secret } }, "header: unknown option; did you mean 'headers'?"],
  [{ header: undefined }, "header: unknown option; did you mean 'headers'?"],
  [{ cookies: secret }, 'cookies: unknown option; send them as the header cookie, by the option headers'],
  [{ files: {} }, 'files: unknown option; use multipart'],
  [{ maxResponseBytes: 0 }, 'maxResponseBytes: expected a whole number of bytes above zero; received 0'],
  [{ discardBody: 'yes' }, 'discardBody: expected true or false; received "yes"'],
  [{ traceparent: '00-1' }, 'traceparent: expected true or false; received "00-1"'],
  [{ price: 1 }, `price: unknown option; ${known}`],
  [{ a1: 1, b2: 2, c3: 3, d4: 4, e5: 5, f6: 6, g7: 7 }, `a1, b2, c3, d4, e5 and 2 more: unknown options; ${known}`],
  [{ redirect: 'never' }, "redirect: expected 'follow', 'manual' or 'error'; received \"never\""],
  [{ redirect: false }, "redirect: expected 'follow', 'manual' or 'error'; received false"],
  [{ timeout: 0 }, `${timeout} 0`],
  [{ timeout: -1 }, `${timeout} -1`],
  [{ timeout: 'soon' }, `${timeout} "soon"`],
  [{ timeout: '597h' }, `${timeout} "597h"`],
  [{ timeout: Number.NaN }, `${timeout} NaN`],
  [{ timeout: null }, `${timeout} null`],
  [{ timeout: { s: 1 } }, 'timeout.s: unknown option; known are total, headers, body'],
  [{ timeout: { header: '1s' } }, "timeout.header: unknown option; did you mean 'headers'?"],
  [{ retry: { limt: 1 } }, "retry.limt: unknown option; did you mean 'limit'?"],
  [{ retry: { statuses: [503, 'x'] } }, 'retry.statuses: expected statuses such as [429, 503]; received "x"'],
  [{ timeout: { body: 0, headers: '1s' } }, `${timeout.replace('timeout', 'timeout.body')} 0`],
  [{ name: 5 }, 'name: expected a text that is not empty; received 5'],
  [{ name: ' ' }, 'name: expected a text that is not empty; received " "'],
  [{ name: {} }, 'name: expected a text that is not empty; received an object'],
  [{ headers: [['a', secret]] }, `${headers} an array; write Object.fromEntries(headers)`],
  [{ headers: new Headers({ a: secret }) }, `${headers} an object (Headers); write Object.fromEntries(headers)`],
  [{ headers: `x-key: ${secret}` }, `${headers} a text`],
  [{ headers: null }, `${headers} null`],
  [{ headers: { 'x-a': null } }, 'headers.x-a: expected a text or a number; received null'],
  [{ headers: { 'x-a': [secret] } }, 'headers.x-a: expected a text or a number; received an array'],
  [{ headers: { 'x-a': Number.NaN } }, 'headers.x-a: expected a text or a number; received NaN'],
  [{ headers: { 'x-a': `${secret}\r\nx-b: 1` } }, `headers.x-a: ${strange} a line break`],
  [{ headers: { cookie: `a=${secret}\u2028` } }, `headers.cookie: ${strange} U+2028`],
  [{ headers: { [`x-a: ${secret}`]: '' } }, 'headers: expected names of letters, digits and hyphens; received another'],
  [{ headers: { '': '' } }, 'headers: expected names of letters, digits and hyphens; received another'],
  [{ bearer: '' }, 'bearer: expected a text that is not empty; received an empty text'],
  [{ bearer: 42_424_242 }, 'bearer: expected a text that is not empty; received a number'],
  [{ bearer: `${secret}\n` }, `bearer: ${strange} a line break`],
  [{ basic: `ann:${secret}` }, `${basic} a text`],
  [{ basic: { username: 'ann' } }, `${basic} an object`],
  [{ basic: { username: 'ann:x', password: secret } }, `${basic} an object`],
  [
    { query: `token=${secret}` },
    'query: expected an object or URLSearchParams; received a text; write new URLSearchParams(text)',
  ],
  [{ query: ['a'] }, 'query: expected an object or URLSearchParams; received an array'],
  [
    { form: new Map([['a', secret]]) },
    'form: expected an object or URLSearchParams; received an object (Map); write new URLSearchParams([...fields])',
  ],
  [{ form: null }, 'form: expected an object or URLSearchParams; received null'],
  [{ query: { filter: { secret } } }, `query.filter: ${field} an object`],
  [{ query: { page: null } }, `query.page: ${field} null`],
  [{ query: { page: Number.NaN } }, `query.page: ${field} NaN`],
  [{ form: { ids: [1, undefined] } }, `form.ids: ${field} undefined in an array`],
  [{ form: { on: () => secret } }, `form.on: ${field} a function`],
  [{ query: { q: '\ud800' } }, 'query.q: expected text that UTF-8 can encode; received half of a surrogate pair'],
  [{ body: {} }, `${body} an object`],
  [{ body: 5 }, `${body} a number`],
  [{ body: null }, `${body} null`],
  [{ json: () => secret }, 'json: expected what can be written as JSON; received a function'],
  [
    { json: circular },
    'json: expected what can be written as JSON; received an object (Converting circular structure to JSON)',
  ],
  [
    { json: 1n },
    'json: expected what can be written as JSON; received a bigint (Do not know how to serialize a BigInt)',
  ],
  [{ json: {}, form: {}, body: '' }, 'json, form, body: they exclude each other; give one of them'],
  [
    { bearer: secret, headers: { Authorization: secret } },
    'an authorization header, bearer: they exclude each other; give one of them',
  ],
  [{ params: { id: 1 } }, "params.id: the path has no ':id'; it has none"],
  [{ params: 'id' }, "params: expected an object with a value for each ':name' of the path; received a text"],
  [
    { Timeout: secret, timeout: 0, query: 'a=1', bearer: '' },
    "Timeout: unknown option; did you mean 'timeout'?",
    'query: expected an object or URLSearchParams; received a text; write new URLSearchParams(text)',
    'bearer: expected a text that is not empty; received an empty text',
    `${timeout} 0`,
  ],
]

const params: [params: unknown, ...lines: string[]][] = [
  [undefined, `${param} it is missing`],
  [{}, `${param} it is missing`],
  [{ id: null }, `${param} received null`],
  [{ id: Number.NaN }, `${param} received NaN`],
  [{ id: '' }, `${param} received ""`],
  [{ id: '.' }, `${param} received "."`],
  [{ id: '..' }, `${param} received ".."`],
  [{ id: { secret } }, `${param} received an object`],
  [{ id: '\udc00' }, 'params.id: expected text that UTF-8 can encode; received half of a surrogate pair'],
  [{ id: 1, other: secret }, "params.other: the path has no ':other'; it has :id"],
  [{ ids: 1 }, `${param} it is missing`, "params.ids: the path has no ':ids'; it has :id"],
  [[7], "params: expected an object with a value for each ':name' of the path; received an array"],
]

/** The message that a request with these problems has. */
function textOf(name: string, lines: readonly string[]): string {
  const count = lines.length === 1 ? '1 problem' : `${lines.length} problems`
  return `${name} cannot be sent: ${count}.${lines.map((line) => `\n  - ${line}`).join('')}`
}

describe('a request with wrong options', () => {
  it.for(problems)('is refused: %o', async ([given, ...lines]) => {
    const visitor = createVisitor({ baseUrl: base })
    const message = await messageOf(visitor, () => http.post('/things', wrong(given)))
    expect(message).toBe(textOf('POST /things', lines))
    expect(message).not.toContain(secret)
    const { errors, counters } = await visitor.finish()
    expect(errors).toMatchObject([{ category: 'script', count: 1 }])
    const reported = `cannot be sent: ${lines.join(', and ')}`
    expect(errors[0]?.message).toBe(reported.length > 300 ? `${reported.slice(0, 299)}…` : reported)
    expect(counters).toMatchObject({ requestsStarted: 1, connectionsOpened: 0 })
  })

  it.for(params)('is refused when its params do not fill the path: %o', async ([given, ...lines]) => {
    const url: string = '/things/:id/:id.json'
    const visitor = createVisitor({ baseUrl: base })
    const message = await messageOf(visitor, () => http.get(url, wrong({ params: given })))
    expect(message).toBe(textOf('GET /things/:id/:id.json', lines))
  })

  it('tells the kind only of a param that may be a credential', async () => {
    const visitor = createVisitor({ baseUrl: base })
    const message = await messageOf(visitor, () => http.get('/reset/:token', wrong({ params: { token: true } })))
    expect(message).toContain("':token' of the path; received true")
  })

  it('tells ten problems and the number of the others', async () => {
    const visitor = createVisitor({ baseUrl: base })
    const query = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}`, null]))
    const message = await messageOf(visitor, () => http.get('/', wrong({ query })))
    expect(message.split('\n').slice(10)).toEqual([`  - query.f9: ${field} null`, '  - and 20 more'])
  })

  it('puts only those into words that are told', async () => {
    let told = 0
    const value = Object.defineProperty({}, 'constructor', { get: () => void told++ })
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`x-${index}`, value]))
    expect(requestProblems({ headers: many }, null).at(-1)).toBe('and 19990 more')
    expect(told).toBe(10)
  })

  it('is told of together with a URL that cannot be used', async () => {
    const visitor = createVisitor({ baseUrl: base })
    const message = await messageOf(visitor, () => http.get('', wrong({ timeout: 0 })))
    expect(message).toBe(
      `A request has no URL: received ''. Write a path such as '/', or an absolute URL. The options are wrong, too.\n  - ${timeout} 0`,
    )
  })

  it.for<[url: unknown, received: string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [5, '5'],
    ['', "''"],
    [{ url: secret }, 'an object'],
  ])('is refused without a URL: %o', async ([url, received]) => {
    const visitor = createVisitor({ baseUrl: base })
    const message = await messageOf(visitor, () => http.get(url as string))
    expect(message).toBe(`A request has no URL: received ${received}. Write a path such as '/', or an absolute URL.`)
  })

  it.for<[method: unknown, received: string]>([
    ['FO O', '"FO O"'],
    ['', '""'],
    [5, '5'],
    [undefined, 'undefined'],
    [{}, 'an object'],
  ])('is refused with what is no method: %o', async ([method, received]) => {
    const visitor = createVisitor({ baseUrl: base })
    const message = await messageOf(visitor, () => http.request(method as string, '/'))
    expect(message).toBe(
      `Not a method of HTTP: ${received}. Write a word such as 'GET' as the first argument of http.request().`,
    )
  })
})

it('tells of credentials without a name as of any others', async () => {
  const visitor = createVisitor({ baseUrl: base })
  const nameless = { password: '' } as { username: string; password: string }
  expect(await messageOf(visitor, () => http.get('/', { basic: nameless }))).toContain(' cannot be sent: ')
})

describe('a header that undici does not send', () => {
  it.for(['expect', 'keep-alive', 'transfer-encoding', 'upgrade'])('is named: %s', async (name) => {
    const server = await startEcho()
    const visitor = createVisitor({ baseUrl: server.origin })
    const message = await messageOf(visitor, () => http.get('/', { headers: { [name]: '100-continue' } }))
    expect(message).toContain(name)
  })

  it('is told of with what to do', () => {
    expect(requestProblems({ headers: { Expect: '100-continue' } }, null)).toEqual([
      'headers.Expect: this header cannot be sent; leave it out',
    ])
  })
})

describe('requestProblems', () => {
  it('finds something exactly where a request is refused', async () => {
    const server = await startEcho()
    const visitor = createVisitor({ baseUrl: server.origin })
    const simple = fc.constantFrom<unknown>(
      undefined,
      null,
      0,
      5,
      Number.NaN,
      '',
      'a',
      '5s',
      'a\nb',
      '..',
      '\ud800',
      true,
      1n,
    )
    const object = fc.constantFrom<unknown>([], {}, new Map(), new Headers(), new Date(), new Uint8Array(1), () => 1)
    const member = fc.oneof(simple, object)
    const names = fc.constantFrom('id', 'a', 'x y', 'username', 'password', 'Authorization')
    const value = fc.oneof(member, fc.array(member, { maxLength: 2 }), fc.dictionary(names, member, { maxKeys: 3 }))
    const given = fc.oneof(
      value,
      fc.record(Object.fromEntries(optionNames.map((name) => [name, value])), { requiredKeys: [] }),
    )
    const url = fc.constantFrom<string>('/x', '/x/:id')
    const property = fc.asyncProperty(url, given, async (path, any) => {
      const found = requestProblems(any, parseTemplate(path))
      const message = await messageOf(visitor, () => http.post(path, wrong(any)).expect(200))
      expect(message).toMatch(found.length === 0 ? /^sent$/ : / cannot be sent: /)
    })
    await fc.assert(property, { numRuns: 500 })
  })
})

describe('a request with unusual options', () => {
  it.for<[what: string, options: unknown]>([
    ['no options', {}],
    [
      'what is left out',
      Object.fromEntries(['json', 'form', 'query', 'params', 'bearer', 'name'].map((name) => [name, undefined])),
    ],
    ['no prototype', Object.assign(Object.create(null), { query: { a: 1 } })],
    ['inherited options', Object.create({ query: Object.create({ a: 1 }) })],
    ['JSON null', { json: null }],
    ['a number as a header', { headers: { 'x-id': 5, accept: '' } }],
    ['latin characters and tabs in a header', { headers: { 'x-a': 'é\tü' } }],
    ['a Buffer', { body: Buffer.from('a') }],
    ['an empty body', { body: '' }],
    ['params that are left out', { params: { id: undefined } }],
    ['the longest timeout', { timeout: '596h', redirect: 'manual', name: 'mine' }],
    ['empty texts', { query: { q: '', list: [] }, basic: { username: '', password: '' } }],
  ])('is sent: %s', async ([, given]) => {
    const server = await startEcho()
    const visitor = createVisitor({ baseUrl: server.origin })
    expect(await messageOf(visitor, () => http.post('/', wrong(given)).expect(200))).toBe('sent')
  })

  it('sends a number as the text of a header', async () => {
    const server = await startEcho()
    const visitor = createVisitor({ baseUrl: server.origin })
    const pending = visitor.run(() => http.get(new URL(server.origin), { headers: { 'X-Id': 5 } }))
    expect(await pending.jsonPath('$.headers["x-id"]')).toBe('5')
  })
})

describe('what can never be met', () => {
  const expected =
    "GET / failed: .expect() takes a status from 200 to 999, '2xx', { min, max }, an array of these, a function or an object with status, headers, body or latency; received"

  it.for<[expectation: unknown, received: string]>([
    [[], '[]'],
    [['200'], '["200"]'],
    [[200, undefined], '[200, undefined]'],
    [Number.NaN, 'NaN'],
    [9999, '9999'],
    [100, '100'],
    [200.5, '200.5'],
    ['200', '"200"'],
    [null, 'null'],
    [{ min: 300, max: 200 }, '{"min":300,"max":200}'],
  ])('is refused by .expect(): %o', async ([expectation, received]) => {
    const server = await startEcho()
    const visitor = createVisitor({ baseUrl: server.origin })
    const message = await messageOf(visitor, () => http.get('/').expect(expectation as number))
    expect(message).toBe(`${expected} ${received}.`)
  })

  it('is refused where a condition gives a promise', async () => {
    const server = await startEcho()
    const visitor = createVisitor({ baseUrl: server.origin })
    const condition = (async () => Promise.reject(new Error('late'))) as unknown as () => boolean
    expect(await messageOf(visitor, () => http.get('/').expect(condition))).toBe(
      'GET / failed: .expect() takes a condition that answers at once; received a promise.',
    )
  })

  it.for<[schema: unknown, received: string]>([
    [null, 'null'],
    [{ type: 'object' }, 'an object'],
    [() => true, 'a function'],
    [z, 'an object'],
  ])('is refused by .json(): %o', async ([schema, received]) => {
    const server = await startServer((_, response) => void response.end('{}'))
    const visitor = createVisitor({ baseUrl: server.origin })
    const refused = {
      code: 'ERR_LOAD_OPTIONS',
      category: 'script',
      counted: false,
      message: `GET /: .json() takes a schema (zod, valibot, arktype…), received ${received}. Call it without one for the bare value.`,
    }
    await expect(visitor.run(() => http.get('/').json(schema as z.ZodType))).rejects.toMatchObject(refused)
    const response = await visitor.run(() => http.get('/'))
    await expect(response.json(schema as z.ZodType)).rejects.toMatchObject(refused)
  })
})
