import { describe, expect, it } from 'vitest'
import type { ErrorCategory } from '../shared/error-category.ts'
import { checkExpectation, mismatchOf, UnusableExpectation, type Expectation, type Mismatch } from './expectation.ts'
import { answerOf } from './fixtures/answers.ts'
import { startServer } from './fixtures/servers.ts'
import { countSamples, createVisitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

const page = answerOf('<h1>Welcome</h1>', { 'content-type': 'text/html', via: ['a', 'b'] })

function judge(expectation: Expectation, status: number = 200): Mismatch | undefined {
  const checked = checkExpectation(expectation)
  if (checked instanceof UnusableExpectation) throw new Error(checked.failure.message)
  return mismatchOf(checked, { ...page, status }, () => expect.fail()) as Mismatch | undefined
}

describe('a status', () => {
  it.for<[expectation: Expectation, met: number[], missed: number[]]>([
    [204, [204], [200, 404]],
    ['2xx', [200, 299], [300, 199]],
    ['4xx', [400, 499], [399, 500]],
    [{ min: 200, max: 399 }, [200, 399], [400]],
    [
      ['2xx', { min: 404, max: 404 }, 503],
      [201, 404, 503],
      [302, 500],
    ],
    [{ status: '2xx' }, [200], [302, 404]],
    [{ headers: { via: true } }, [200, 302], [400, 500]],
  ])('is among %o', ([expectation, met, missed]) => {
    for (const status of met) expect(judge(expectation, status)).toBeUndefined()
    for (const status of missed) expect(judge(expectation, status)).toBeDefined()
  })

  it('that is another is told with what was expected', () => {
    expect(judge(['2xx', { min: 300, max: 304 }, 409], 404)?.failure).toEqual({
      category: 'http_4xx',
      message: 'answered 404 Not Found, expected 2xx or 300 to 304 or 409',
    })
  })
})

describe('a part of an answer', () => {
  it.for<[expectation: Expectation]>([
    [{ headers: { 'Content-Type': 'text/html', VIA: 'a, b', etag: false, via: /a/g } }],
    [{ body: 'Welcome' }],
    [{ body: /^<h1>/y }],
    [{ body: (text) => text.length > 10 }],
    [{ status: 200, body: 'Wel', latency: '2ms', headers: {} }],
  ])('is as expected by %o', ([expectation]) => {
    expect(judge(expectation)).toBeUndefined()
    expect(judge(expectation)).toBeUndefined()
  })

  it.for<[expectation: Expectation, category: ErrorCategory, row: string, text: string]>([
    [
      { headers: { 'content-type': 'application/json' } },
      'assertion',
      'header content-type is not the expected text',
      'header content-type is "text/html", expected "application/json"',
    ],
    [
      { headers: { 'content-type': /json/ } },
      'assertion',
      'header content-type does not match /json/',
      'header content-type is "text/html", expected a match of /json/',
    ],
    [{ headers: { etag: true } }, 'assertion', 'has no header etag', 'has no header etag, expected one'],
    [
      { headers: { etag: 'x' } },
      'assertion',
      'header etag is not the expected text',
      'has no header etag, expected "x"',
    ],
    [{ headers: { via: false } }, 'assertion', 'has a header via', 'header via is "a, b", expected none'],
    [{ body: 'Bye' }, 'assertion', 'body does not contain the expected text', 'body does not contain "Bye"'],
    [{ body: /bye/ }, 'assertion', 'body does not match /bye/', 'body does not match /bye/'],
    [
      { body: () => false },
      'assertion',
      'body is not what the condition of .expect() accepts',
      'body is not what the condition of .expect() accepts',
    ],
    [
      { latency: '1ms' },
      'timeout',
      'took longer than the 1 ms that .expect() allows',
      'took 1 ms, expected less than 1 ms',
    ],
    [
      { status: 201, body: 'Bye', latency: 0.5 },
      'unexpected_status',
      'answered 200 OK, expected 201; took longer than the 500 µs that .expect() allows; body does not contain the expected text',
      'answered 200 OK, expected 201; took 1 ms, expected less than 500 µs; body does not contain "Bye"',
    ],
  ])('is told where it is not as expected by %o', ([expectation, category, message, text]) => {
    expect(judge(expectation)).toEqual({ failure: { category, message }, text })
  })

  it('is told without credentials', () => {
    const secret = 's3cr3t-value'
    const answer = answerOf('x', { 'x-echo': secret }, [secret])
    const mismatch = mismatchOf({ headers: { 'x-echo': new RegExp(`^not ${secret}`) } }, answer, () => expect.fail())
    expect(JSON.stringify(mismatch)).not.toContain(secret)
  })
})

describe('an object that is no expectation', () => {
  it('is refused with all that is wrong with it', () => {
    const wrong = { status: 20, header: {}, headers: { a: 1 }, body: '', latency: '0s' } as unknown as Expectation
    expect(() => judge(wrong)).toThrow(
      ".expect() cannot be used: header: unknown option; did you mean 'headers'?, and status: expected a status from 200 to 999, '2xx', { min: 200, max: 299 } or an array of these; received 20, and headers.a: expected a text, a regular expression, true or false; received a number, and body: expected a text that is not empty, a regular expression or a function; received an empty text, and latency: expected a duration above zero such as '300ms'; received \"0s\"",
    )
    expect(() => judge({})).toThrow('expected at least one of status, headers, body, latency')
    expect(() => judge({ body: undefined })).toThrow('expected at least one of')
  })

  it('fails the request as a script does', async () => {
    const server = await startServer((_, response) => void response.end('x'))
    const visitor = createVisitor({ baseUrl: server.origin })
    const late = { body: async () => true } as unknown as Expectation
    await visitor.run(async () => {
      await expect(http.get('/a').expect(late)).rejects.toMatchObject({ category: 'script', code: 'ERR_LOAD_OPTIONS' })
      await expect(http.get('/a').expect({ latency: '-1s' })).rejects.toMatchObject({ category: 'script' })
    })
  })
})

describe('a request that is not as expected', () => {
  it('is one row of the error table, whatever the answers and expectations are', async () => {
    let count = 0
    const server = await startServer((_, response) => {
      response.setHeader('x-count', ++count)
      response.end(`count ${count}`)
    })
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      for (let at = 0; at < 3; at++) {
        const failing = http.get('/').expect({ body: `order ${at}`, headers: { 'x-count': `${at}` } })
        await expect(failing).rejects.toMatchObject({
          code: 'ERR_LOAD_UNEXPECTED_STATUS',
          category: 'assertion',
          counted: true,
          message: `GET / failed: header x-count is "${at + 1}", expected "${at}"; body does not contain "order ${at}".`,
        })
      }
    })
    const { errors } = await visitor.finish()
    expect(errors).toMatchObject([
      {
        category: 'assertion',
        message: 'header x-count is not the expected text; body does not contain the expected text',
        count: 3,
        exemplar: { response: 'count 1' },
      },
    ])
  })

  it('keeps its place among the latencies when it was too slow', async () => {
    const server = await startServer((_, response) => void response.end('x'))
    const visitor = createVisitor({ baseUrl: server.origin })
    await visitor.run(async () => {
      await expect(http.get('/slow').expect({ latency: 0.001 })).rejects.toMatchObject({ category: 'timeout' })
      await http.get('/fast').expect({ latency: '10s' })
    })
    const counts = countSamples(await visitor.finish())
    expect(counts['GET /slow']).toMatchObject({ 2: 1 })
    expect(counts['GET /fast']).toMatchObject({ 0: 1 })
  })

  it('is told of after its answer, too', async () => {
    const server = await startServer((_, response) => void response.end('x'))
    const visitor = createVisitor({ baseUrl: server.origin })
    const pending = visitor.run(() => http.get('/'))
    await pending
    await expect(pending.expect({ body: 'y' })).rejects.toMatchObject({ category: 'assertion', counted: false })
  })
})
