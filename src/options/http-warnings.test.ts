import { expect, it } from 'vitest'
import { resolveHttpOptions } from './http-options.ts'
import { warnOfHttp } from './http-warnings.ts'
import { tlsSchema } from './tls-options.ts'

it('warns of nothing by default', () => {
  expect(warnOfHttp(resolveHttpOptions({}), 64)).toEqual([])
  expect(warnOfHttp(resolveHttpOptions({ connections: { shared: 2 }, tls: tlsSchema.parse({}) }), 2)).toEqual([])
})

it('warns that certificates were not checked', () => {
  const tls = tlsSchema.parse({ rejectUnauthorized: false })
  expect(warnOfHttp(resolveHttpOptions({ tls }), 1)).toEqual([
    'tls.rejectUnauthorized is false: certificates were not checked, so that anybody may have answered',
  ])
})

it('warns of fewer shared connections than threads', () => {
  expect(warnOfHttp(resolveHttpOptions({ connections: { shared: 2 } }), 3)).toEqual([
    'connections: { shared: 2 } is less than one for each of 3 threads, and each has one. Run it with threads: 2',
  ])
})
