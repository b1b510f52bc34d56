import { describe, expect, it } from 'vitest'
import { readEnvironment, type LoadEnvironment } from './environment.ts'
import { resolveBaseUrl, resolveRunOptions, resolveTargetOptions, type LoadRunOptions } from './project-options.ts'

function environmentOf(variables: Record<string, string>): LoadEnvironment {
  return readEnvironment(variables, [])
}

function resolve(options: unknown, variables: Record<string, string> = {}) {
  return resolveRunOptions(options as LoadRunOptions, environmentOf(variables), [])
}

function problemsOf(call: () => unknown): string[] {
  try {
    call()
  } catch (error) {
    const [, ...lines] = (error as Error).message.split('\n  - ')
    return lines
  }
  return []
}

describe('resolveRunOptions', () => {
  it('has defaults', () => {
    expect(resolve({})).toEqual({
      baseUrl: undefined,
      targets: [],
      timeoutMs: 6e4,
      connectTimeoutMs: 1e4,
      connections: 'per-vu',
      sharedConnections: 50,
      parallel: 6,
      retry: undefined,
      threads: 'auto',
      seed: undefined,
      profile: undefined,
      unknownProfile: undefined,
      validity: { delivered: 0.99, startLagUs: 'by-objectives', eventLoopDelayUs: 'by-objectives' },
      abort: undefined,
    })
  })

  it('takes what is written', () => {
    const written = {
      baseUrl: { inject: 'storeUrl' },
      targets: ['https://a.test'],
      timeout: '5s',
      connectTimeout: 500,
      connections: 'none',
      threads: 4,
      seed: 0,
      validity: { delivered: '95%', startLag: '20ms', eventLoopDelay: false },
    }
    expect(resolve(written)).toEqual({
      baseUrl: { inject: 'storeUrl' },
      targets: ['https://a.test'],
      timeoutMs: 5e3,
      connectTimeoutMs: 500,
      connections: 'none',
      sharedConnections: 50,
      parallel: 6,
      threads: 4,
      seed: 0,
      validity: { delivered: 0.95, startLagUs: 20_000, eventLoopDelayUs: false },
    })
  })

  it('lets the environment win', () => {
    const variables = { LOAD_THREADS: '3', LOAD_SEED: '9', LOAD_BASE_URL: 'http://b.test' }
    expect(resolve({ threads: 4, seed: 1, baseUrl: 'http://a.test' }, variables)).toMatchObject({
      threads: 3,
      seed: 9,
      baseUrl: 'http://b.test',
    })
  })

  it('lists all problems in one message', () => {
    const wrong = {
      baseUrl: 'localhost:3000',
      targets: ['/x', 5],
      timeout: 0,
      connections: 'pooled',
      threads: 65,
      seed: 1.5,
      thread: 2,
      validity: { delivered: 0, startLag: 'fast', eventLoopDelay: '0s', lag: 5 },
    }
    expect(() => resolve(wrong)).toThrowErrorMatchingInlineSnapshot(`
      [LoadError: Configuration of the load project: 12 problems.
        - baseUrl: expected an absolute URL such as 'http://127.0.0.1:3000'; received "localhost:3000"
        - targets.0: expected an absolute URL such as 'http://127.0.0.1:3000'; received "/x"
        - targets.1: expected an absolute URL such as 'http://127.0.0.1:3000'; received 5
        - timeout: expected a duration above zero; received 0
        - connections: expected 'per-vu', 'shared', { shared: 50 } or 'none'; received "pooled"
        - threads: expected a whole number from 1 to 64; received 65
        - seed: expected a whole number from 0 to 4,294,967,295; received 1.5
        - validity.delivered: expected a ratio above 0, or false; received 0
        - validity.startLag: expected a duration such as '10ms', or false; received "fast"
        - validity.eventLoopDelay: expected a duration such as '10ms', or false; received "0s"
        - validity.lag: unknown option; known are delivered, startLag, eventLoopDelay
        - thread: unknown option; did you mean 'threads'?]
    `)
  })

  it.for([
    [{ baseUrl: 5 }, "baseUrl: expected a URL such as 'http://127.0.0.1:3000' or { inject: 'key' }; received 5"],
    [{ baseUrl: '' }, `baseUrl: expected an absolute URL such as 'http://127.0.0.1:3000'; received ""`],
    [
      { baseUrl: { inject: '' } },
      `baseUrl.inject: expected the key of a provided value, such as 'storeUrl'; received ""`,
    ],
    [{ baseUrl: 'ftp://a.test' }, expect.stringContaining('baseUrl: expected an absolute URL')],
    [
      { baseUrl: `http://a.test/${'x'.repeat(2000)}` },
      expect.stringContaining('baseUrl: expected a URL of at most 2000 characters'),
    ],
    [{ targets: 'https://a.test' }, 'targets: expected an array; received "https://a.test"'],
    [
      { targets: ['https://a.test/', 'https://a.test/api'] },
      `targets.1: expected an origin such as 'https://staging.example.com', without a path; received "https://a.test/api"`,
    ],
    [{ timeout: '5 s' }, expect.stringContaining(`timeout: expected a duration such as`)],
    [{ timeout: '0ms' }, 'timeout: expected a duration above zero; received "0ms"'],
    [
      { timeout: '1000h' },
      `timeout: expected a duration of at most '596h', which is the longest that a timer can wait; received "1000h"`,
    ],
    [{ connectTimeout: 2 ** 31 }, expect.stringContaining('received 2147483648')],
    [{ connectTimeout: Number.NaN }, expect.stringContaining('received NaN')],
    [{ connections: true }, "connections: expected 'per-vu', 'shared', { shared: 50 } or 'none'; received true"],
    [{ threads: '2' }, `threads: expected 'auto' or a whole number from 1 to 64; received "2"`],
    [{ threads: 0.5 }, "threads: expected 'auto' or a whole number from 1 to 64; received 0.5"],
    [{ threads: null }, "threads: expected 'auto' or a whole number from 1 to 64; received null"],
    [{ seed: 2 ** 32 }, 'seed: expected a whole number from 0 to 4,294,967,295; received 4294967296'],
    [{ seed: '7' }, 'seed: expected a whole number from 0 to 4,294,967,295; received "7"'],
    [{ profile: 7 }, "profile: expected the name of a profile such as 'ci'; received 7"],
    [{ profils: {} }, "profils: unknown option; did you mean 'profiles'?"],
    [{ cookies: 'vu' }, 'cookies: unknown option here; write it in scenario()'],
    [{ includes: ['*.spec.ts'] }, "includes: unknown option; did you mean 'include'?"],
    [{ baseURL: 'http://a.test' }, "baseURL: unknown option; did you mean 'baseUrl'?"],
  ] as const)('refuses %j', ([options, problem]) => {
    const problems = problemsOf(() => resolve(options))
    expect(problems).toEqual([problem])
  })

  it('adds the problems of the environment', () => {
    const problems: string[] = []
    const variables = { LOAD_VUS: 'x', LOAD_THREADS: '65', LOAD_BASE_URL: 'localhost:3000' }
    const environment = readEnvironment(variables, problems)
    expect(() => resolveRunOptions({ timeout: 'soon' }, environment, problems)).toThrowErrorMatchingInlineSnapshot(`
      [LoadError: Configuration of the load project: 4 problems.
        - LOAD_VUS: expected a whole number from 1 to 100,000; received "x"
        - LOAD_THREADS: expected a whole number from 1 to 64; received "65"
        - LOAD_BASE_URL: expected an absolute URL such as 'http://127.0.0.1:3000'; received "localhost:3000"
        - timeout: expected a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative; received "soon"]
    `)
  })
})

describe('URLs with secrets', () => {
  it('are refused without being shown', () => {
    const wrong = {
      baseUrl: 'https://me:s3cret@shop.test/api',
      targets: ['https://s3cret@a.test', 'https://a.test/?key=s3cret', 'https://a.test/#s3cret', 'me:s3cret@a.test'],
    }
    const variables = { LOAD_BASE_URL: 'http:me:s3#cret@b.test?x=s3cret' }
    expect(() => resolve(wrong, variables)).toThrowErrorMatchingInlineSnapshot(`
      [LoadError: Configuration of the load project: 6 problems.
        - LOAD_BASE_URL: expected an absolute URL such as 'http://127.0.0.1:3000'; received "[redacted]@b.test?[redacted]"
        - baseUrl: expected a URL without user name and password: send them in a header; received "[redacted]@shop.test/api"
        - targets.0: expected a URL without user name and password: send them in a header; received "[redacted]@a.test"
        - targets.1: expected a URL without query and fragment; received "https://a.test/?[redacted]"
        - targets.2: expected a URL without query and fragment; received "https://a.test/#[redacted]"
        - targets.3: expected an absolute URL such as 'http://127.0.0.1:3000'; received "[redacted]@a.test"]
    `)
  })

  it('are not shown where something else is expected', () => {
    const wrong = { baseUrl: { url: 'https://me:s3cret@shop.test' }, targets: 'https://me:s3cret@shop.test' }
    expect(() => resolve(wrong)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('s3cret') }))
  })

  it('are refused for functional projects and when provided', () => {
    const url = 'https://me:s3cret@shop.test'
    expect(() => resolveTargetOptions({ baseUrl: url }, environmentOf({}))).toThrow('received "[redacted]@shop.test"')
    expect(() => resolveBaseUrl({ inject: 'storeUrl' }, () => url)).toThrowErrorMatchingInlineSnapshot(`
      [LoadError: Options of the project: 1 problem.
        - baseUrl: nothing usable was provided as 'storeUrl': expected a URL without user name and password: send them in a header; received "[redacted]@shop.test". Call project.provide('storeUrl', url) in a global setup]
    `)
  })
})

describe('resolveTargetOptions', () => {
  it('knows no threads', () => {
    expect(resolveTargetOptions({ timeout: '1s' }, environmentOf({ LOAD_BASE_URL: 'http://b.test' }))).toMatchObject({
      timeoutMs: 1000,
      baseUrl: 'http://b.test',
    })
    expect(() => resolveTargetOptions({ threads: 2 } as never, environmentOf({ LOAD_BASE_URL: 'nowhere' })))
      .toThrowErrorMatchingInlineSnapshot(`
        [LoadError: Options of the functional project: 2 problems.
          - LOAD_BASE_URL: expected an absolute URL such as 'http://127.0.0.1:3000'; received "nowhere"
          - threads: unknown option; known are baseUrl, targets, timeout, maxResponseBytes, discardBodies, headers, userAgent, traceparent, connectTimeout, connections, http2, proxy, tls, hosts, dns, parallel, retry]
      `)
  })
})

describe('resolveBaseUrl', () => {
  it('looks up what a global setup provides', () => {
    const provided = (key: string): unknown => ({ storeUrl: 'http://127.0.0.1:4000', port: 4000 })[key]
    expect(resolveBaseUrl({ inject: 'storeUrl' }, provided)).toBe('http://127.0.0.1:4000')
    expect(resolveBaseUrl('http://a.test', provided)).toBe('http://a.test')
    expect(resolveBaseUrl(undefined, provided)).toBeUndefined()
    expect(() => resolveBaseUrl({ inject: 'port' }, provided)).toThrowErrorMatchingInlineSnapshot(`
      [LoadError: Options of the project: 1 problem.
        - baseUrl: nothing usable was provided as 'port': expected an absolute URL such as 'http://127.0.0.1:3000'; received 4000. Call project.provide('port', url) in a global setup]
    `)
    expect(() => resolveBaseUrl({ inject: 'other' }, provided)).toThrow('received undefined')
  })
})
