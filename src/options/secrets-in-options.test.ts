import { describe, expect, it } from 'vitest'
import { messageOf } from '../shared/errors.ts'
import { readEnvironment } from './environment.ts'
import { resolveBaseUrl, resolveRunOptions, resolveTargetOptions } from './project-options.ts'

const mark = 's3cret'
const none = readEnvironment({}, [])

/** Each has a credential in the place where it belongs, or where somebody takes it to belong, and a mistake beside it. */
const options: readonly (readonly [what: string, options: Record<string, unknown>])[] = [
  ['a proxy of another protocol', { proxy: `socks5://u:${mark}@proxy:1080` }],
  ['a proxy with a path', { proxy: `http://u:${mark}@proxy/path` }],
  ['a proxy without a protocol', { proxy: `u:${mark}@proxy:3128` }],
  ['a proxy with an @ in its password', { proxy: `http://u:${mark}@${mark}@proxy/path` }],
  ['a proxy that is no URL', { proxy: { url: `http://u:${mark}@[proxy` } }],
  ['a proxy in another member', { proxy: { uri: `http://u:${mark}@proxy` } }],
  ['credentials of a proxy apart', { proxy: { url: 'http://proxy', auth: `u:${mark}` } }],
  ['headers of a proxy as a text', { proxy: { url: 'http://proxy', headers: `x: ${mark}` } }],
  ['headers of a proxy in an array', { proxy: { url: 'http://proxy', headers: [['x', mark]] } }],
  ['a broken header of a proxy', { proxy: { url: 'http://proxy', headers: { 'x-a': `${mark}\n` } } }],
  ['a key that is none', { tls: { key: `${mark}\n-----BEGIN NONE-----` } }],
  ['a key at a URL', { tls: { key: new URL(`https://u:${mark}@keys.test/a.pem?token=${mark}`) } }],
  ['a key without certificate', { tls: { key: `-----BEGIN PRIVATE KEY-----\n${mark}` } }],
  ['a passphrase that is none', { tls: { passphrase: [mark] } }],
  ['a passphrase in another member', { tls: { pasphrase: mark } }],
  ['headers as a text', { headers: `authorization: ${mark}` }],
  ['headers in an array', { headers: [['authorization', mark]] }],
  ['a header in an array', { headers: { authorization: [`Bearer ${mark}`] } }],
  ['a header of another name in an object', { headers: { 'x-api-key': { value: mark } } }],
  ['a broken header', { headers: { authorization: `Bearer ${mark}\n` } }],
  ['a header that the client sets', { headers: { connection: mark } }],
  ['credentials in the base URL', { baseUrl: `http://u:${mark}@host/` }],
  ['a token in the base URL', { baseUrl: `http://host/?token=${mark}` }],
  ['credentials in what is no URL', { baseUrl: `u:${mark}@host` }],
  ['credentials in an origin', { targets: [`http://u:${mark}@host`] }],
  ['an option of another name', { bearer: mark }],
]

function problemsOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return messageOf(error)
  }
  return 'none'
}

describe('problems of options show no credential', () => {
  it.for(options)('of %s', ([, given]) => {
    for (const resolve of [() => resolveTargetOptions(given, none), () => resolveRunOptions(given, none, [])]) {
      const problems = problemsOf(resolve)
      expect(problems).toMatch(/\d problems?\./)
      expect(problems).not.toContain(mark)
    }
  })

  it('of a provided base URL and of one from the environment', () => {
    const url = `http://u:${mark}@host/?token=${mark}`
    const provided = problemsOf(() => resolveBaseUrl({ inject: 'key' }, () => url))
    const variable = problemsOf(() => resolveTargetOptions({}, readEnvironment({ LOAD_BASE_URL: url }, [])))
    for (const problems of [provided, variable]) {
      expect(problems).toMatch(/1 problem\./)
      expect(problems).not.toContain(mark)
    }
  })
})
