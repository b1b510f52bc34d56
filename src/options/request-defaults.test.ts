import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { checkOptions } from './problems.ts'
import { requestDefaultsShape, resolveRequestDefaults, type ResolvedRequestDefaults } from './request-defaults.ts'

const schema = z.strictObject(requestDefaultsShape)

function resolve(options: unknown): ResolvedRequestDefaults {
  return resolveRequestDefaults(checkOptions(schema, options, '').value ?? {})
}

const problemsOf = (options: unknown): string[] => checkOptions(schema, options, '').problems

describe('defaults of requests', () => {
  it('are what was given, and nothing else', () => {
    expect(resolve({})).toEqual({})
    expect(resolve({ timeout: '5s' })).toEqual({ timeoutMs: 5000 })
    expect(resolve({ timeout: { headers: '1s' } })).toEqual({ headersTimeoutMs: 1000 })
    const others = {
      maxResponseBytes: 5,
      discardBodies: true,
      headers: { 'x-env': 'perf' },
      userAgent: 'shop-load',
      traceparent: true,
    }
    const timeout = { total: '3s', headers: 2, body: 1 }
    expect(resolve({ timeout, ...others })).toEqual({
      timeoutMs: 3000,
      headersTimeoutMs: 2,
      bodyTimeoutMs: 1,
      ...others,
    })
  })

  it('are refused with all that is wrong, and without the values of headers', () => {
    const duration = "a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative"
    expect(
      problemsOf({
        timeout: { total: 'soon', headers: 0 },
        maxResponseBytes: 0.5,
        discardBodies: 'yes',
        headers: { 'x-key': 'a\u0000secret', 'x y: secret': '', cookie: 5, 'Content-Length': '3' },
        userAgent: '',
        traceparent: 1,
      }),
    ).toEqual([
      `timeout.total: expected ${duration}; received "soon"`,
      'timeout.headers: expected a duration above zero; received 0',
      'maxResponseBytes: expected a whole number of bytes above zero; received 0.5',
      'discardBodies: expected true or false; received "yes"',
      'headers.x-key: expected characters that a header may have; received a text with another',
      'headers.x y: secret: expected a name of letters, digits and hyphens; received another',
      'headers.cookie: expected a text; received a value of type number',
      'headers.Content-Length: the client sets this header itself; leave it out',
      'userAgent: expected a text that is not empty; received ""',
      'traceparent: expected true or false; received 1',
    ])
    expect(problemsOf({ timeout: { header: '1s', total: 0 } })).toEqual([
      'timeout.total: expected a duration above zero; received 0',
      "timeout.header: unknown option; did you mean 'headers'?",
    ])
    expect(problemsOf({ headers: new Headers({ a: 'b' }) })).toEqual([
      "headers: expected an object such as { 'x-env': 'perf' }; received a list; write Object.fromEntries(headers)",
    ])
    expect(problemsOf({ timeout: -1 })).toEqual([`timeout: expected ${duration}; received -1`])
  })
})
