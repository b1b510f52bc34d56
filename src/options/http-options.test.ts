import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { httpShape, resolveHttpOptions, type HttpOptions } from './http-options.ts'
import { checkOptions } from './problems.ts'

function check(options: unknown): ReturnType<typeof checkOptions<z.output<z.ZodObject<typeof httpShape>>>> {
  return checkOptions(z.strictObject(httpShape), options, '')
}

function resolve(options: HttpOptions): ReturnType<typeof resolveHttpOptions> {
  return resolveHttpOptions(check(options).value ?? {})
}

describe('the HTTP options of a project', () => {
  it('makes no request again unless told to, and six at once', () => {
    expect(resolve({})).toMatchObject({ retry: undefined, parallel: 6 })
    expect(resolve({ retry: 0 }).retry).toBeUndefined()
    expect(resolve({ retry: 3 }).retry).toMatchObject({ limit: 3, delayMs: 300, maxDelayMs: 30_000 })
    expect(resolve({ retry: { delay: '1s', methods: ['post'] } }).retry).toMatchObject({
      limit: 2,
      methods: ['POST'],
      delayMs: 1000,
    })
  })

  it('names all that is wrong', () => {
    expect(check({ parallel: 0, retry: { limit: -1, status: [503] } }).problems).toEqual([
      'parallel: expected a whole number from 1 to 1,000; received 0',
      'retry.limit: expected a whole number from 0 to 100; received -1',
      "retry.status: unknown option; did you mean 'statuses'?",
    ])
    expect(check({ retry: true }).problems).toEqual([
      'retry: expected a whole number from 0 to 100, or an object such as { limit: 2, statuses: [503] }; received true',
    ])
  })
})
