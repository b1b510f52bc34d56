import { describe, expect, it } from 'vitest'
import type { UntypedRequestOptions } from './request-options.ts'
import { SentSecrets } from './sent-secrets.ts'

function secretsOf(
  options: UntypedRequestOptions | undefined,
  path = '/',
  body: string | Uint8Array | null = null,
): string[] {
  const sent = new SentSecrets()
  sent.keep(path, options, body)
  return [...sent.secrets()]
}

describe('SentSecrets', () => {
  it.for<[string, UntypedRequestOptions, string[]]>([
    ['bearer', { bearer: 'one' }, ['one']],
    ['basic', { basic: { username: 'ann', password: 'one' } }, ['one']],
    [
      'headers',
      { headers: { Authorization: 'Custom one two', 'x-api-key': 'three', accept: 'four' } },
      ['one two', 'three'],
    ],
    ['cookies', { headers: { cookie: 'theme=one; sid=two=2; visitor=12345678' } }, ['two=2', '12345678']],
    ['params', { params: { token: 'one', id: 'two' } }, ['one']],
    ['a key without a password', { basic: { username: 'one', password: '' } }, ['one']],
    ['JSON', { json: { user: { name: 'ann', password: 'one' }, tokens: ['two', 3] } }, ['one', 'two', '3']],
    ['a form', { form: { client_secret: 'one', password: ['two', 'three'], grant: 'four' } }, ['one', 'two', 'three']],
    ['form data', { form: new URLSearchParams('token=one&a=b') }, ['one']],
    ['a body of JSON', { body: '[{"refresh_token":"one","a":2}]' }, ['one']],
    ['a body of fields', { body: 'password=one%20two&user=ann' }, ['one two']],
    ['a body of bytes', { body: Buffer.from('{"pass":"one"}') }, ['one']],
    ['a body of other bytes', { body: new Uint8Array(3) }, []],
  ])('finds those in %s', ([, options, secrets]) => {
    expect(secretsOf(options)).toEqual(secrets)
  })

  it('finds those in a query', () => {
    expect(secretsOf(undefined, '/x?access_token=one%2F&a=2&api_key=three')).toEqual(['one/', 'three'])
  })

  it('keeps the last 16, and of long bodies the credentials alone', () => {
    const sent = new SentSecrets()
    for (let request = 0; request < 20; request++) sent.keep('/', { bearer: `token-${request}` }, null)
    expect([...sent.secrets()].toSorted()).toEqual(Array.from({ length: 16 }, (_, at) => `token-${at + 4}`).toSorted())
    const json = { password: 'two', text: 'x'.repeat(5000) }
    expect(secretsOf({ bearer: 'one', json }, '/', JSON.stringify(json))).toEqual(['two', 'one'])
    const many = new SentSecrets()
    for (let request = 0; request < 50; request++) {
      const body = JSON.stringify({ token: `t-${request}`, text: 'x'.repeat(600) })
      many.keep('/', undefined, body)
    }
    expect([...many.secrets()]).toHaveLength(32)
  })

  it('comes to an end where an object holds itself', () => {
    const circular: Record<string, unknown> = { password: 'one' }
    circular['self'] = circular
    expect(new Set(secretsOf({ json: circular }))).toEqual(new Set(['one']))
  })
})
