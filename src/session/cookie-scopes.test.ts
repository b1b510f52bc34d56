import { describe, expect, it, vi } from 'vitest'
import { SessionCookies } from './cookies.ts'

/** What is sent to a URL by whoever got these cookies. */
function sentTo(url: string, ...stored: readonly [from: string, line: string][]): string | undefined {
  const cookies = new SessionCookies()
  for (const [from, line] of stored) {
    const { origin, pathname } = new URL(from)
    cookies.store(line, origin, pathname)
  }
  const { origin, pathname } = new URL(url)
  return cookies.headerFor(origin, pathname)
}

function isRefused(from: string, line: string): boolean {
  const cookies = new SessionCookies()
  cookies.store(line, new URL(from).origin, '/')
  return cookies.rejected === 1 && cookies.all().length === 0
}

const shop = 'https://shop.test/'

// RFC 6265 and the prefixes of RFC 6265bis; every rule with a plain cookie beside it, which takes the short way.
describe('the scope of a cookie', () => {
  it('is its host alone without a domain', () => {
    expect(sentTo(shop, [shop, 'a=1; Path=/'])).toBe('a=1')
    expect(sentTo('https://www.shop.test/', [shop, 'a=1; Path=/'])).toBeUndefined()
    expect(sentTo('https://www.shop.test/', [shop, 'a=1; Path=/'], ['https://www.shop.test/', 'b=2; Path=/'])).toBe(
      'b=2',
    )
  })

  it('is its domain and what lies below', () => {
    const login: [string, string] = ['https://login.shop.test/', 'sid=1; Domain=shop.test; Path=/']
    for (const host of ['shop.test', 'login.shop.test', 'a.b.shop.test'])
      expect(sentTo(`https://${host}/`, login)).toBe('sid=1')
    for (const host of ['othershop.test', 'test', 'shop.test.org'])
      expect(sentTo(`https://${host}/`, login)).toBeUndefined()
    expect(sentTo('https://www.shop.test/', [shop, 'sid=1; Domain=.shop.test; Path=/'])).toBe('sid=1')
  })

  it('is no other domain, no sibling, no public suffix and no address', () => {
    expect(isRefused(shop, 'a=1; Domain=bank.test')).toBe(true)
    expect(isRefused('https://a.shop.test/', 'a=1; Domain=b.shop.test')).toBe(true)
    expect(isRefused('https://shop.co.uk/', 'a=1; Domain=co.uk')).toBe(true)
    expect(isRefused('https://ann.github.io/', 'a=1; Domain=github.io')).toBe(true)
    expect(isRefused('http://127.0.0.1/', 'a=1; Domain=0.0.1')).toBe(true)
  })

  it('is its path and what lies below', () => {
    const admin: [string, string] = [shop, 'a=1; Path=/admin']
    expect(sentTo('https://shop.test/admin', admin)).toBe('a=1')
    expect(sentTo('https://shop.test/admin/users', admin)).toBe('a=1')
    expect(sentTo('https://shop.test/administration', admin)).toBeUndefined()
    expect(sentTo(shop, admin)).toBeUndefined()
    // The default is the directory of the path that has set it.
    expect(sentTo('https://shop.test/cart/items', ['https://shop.test/cart/add', 'a=1'])).toBe('a=1')
    expect(sentTo(shop, ['https://shop.test/cart/add', 'a=1'])).toBeUndefined()
  })

  it('puts the longer path first, then the older cookie', () => {
    expect(
      sentTo('https://shop.test/cart/x', [shop, 'a=1; Path=/'], [shop, 'b=2; Path=/'], [shop, 'c=3; Path=/cart']),
    ).toBe('c=3; a=1; b=2')
  })

  it('is TLS where it is Secure, which plain HTTP cannot set', () => {
    const secure: [string, string] = [shop, 'a=1; Path=/; Secure']
    expect(sentTo(shop, secure)).toBe('a=1')
    expect(sentTo('http://shop.test/', secure)).toBeUndefined()
    expect(isRefused('http://shop.test/', 'a=1; Path=/; Secure')).toBe(true)
  })

  it('is neither HttpOnly nor SameSite: a load sends as a top-level visitor does', () => {
    for (const attribute of ['HttpOnly', 'SameSite=Strict', 'SameSite=Lax', 'SameSite=None; Secure']) {
      expect(sentTo(shop, [shop, `a=1; Path=/; ${attribute}`])).toBe('a=1')
      expect(sentTo(shop, [shop, `a=1; Path=/; Max-Age=60; ${attribute}`])).toBe('a=1')
    }
  })

  it('ends with its age, which counts more than its date', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-21T10:00:00Z') })
    const cookies = new SessionCookies()
    const past = 'Expires=Wed, 21 Oct 2015 07:28:00 GMT'
    cookies.store(
      ['a=1; Path=/; Max-Age=60', `b=2; Path=/; Max-Age=60; ${past}`, `c=3; Path=/; ${past}`],
      'https://shop.test',
      '/',
    )
    expect(cookies.headerFor('https://shop.test', '/')).toBe('a=1; b=2')
    vi.setSystemTime(Date.parse('2026-11-21T10:01:01Z'))
    expect(cookies.headerFor('https://shop.test', '/')).toBeUndefined()
    vi.useRealTimers()
  })

  it('is deleted by one of the same name that is over', () => {
    expect(sentTo(shop, [shop, 'a=1; Path=/'], [shop, 'a=; Path=/; Max-Age=0'])).toBeUndefined()
    expect(sentTo(shop, [shop, 'a=1; Path=/'], [shop, 'a=; Path=/cart; Max-Age=0'])).toBe('a=1')
  })

  it('is what its prefix says', () => {
    expect(sentTo(shop, [shop, '__Host-a=1; Path=/; Secure'])).toBe('__Host-a=1')
    expect(sentTo(shop, [shop, '__Secure-a=1; Path=/; Secure'])).toBe('__Secure-a=1')
    expect(isRefused(shop, '__Host-a=1; Path=/')).toBe(true)
    expect(isRefused(shop, '__Host-a=1; Path=/cart; Secure')).toBe(true)
    expect(isRefused('https://www.shop.test/', '__Host-a=1; Path=/; Secure; Domain=shop.test')).toBe(true)
    expect(isRefused(shop, '__Secure-a=1; Path=/')).toBe(true)
  })

  it('may be an address, a local host and any port of it', () => {
    expect(sentTo('http://127.0.0.1:3000/', ['http://127.0.0.1:3000/', 'a=1; Path=/'])).toBe('a=1')
    expect(sentTo('http://127.0.0.1:4000/', ['http://127.0.0.1:3000/', 'a=1; Path=/'])).toBe('a=1')
    expect(sentTo('http://localhost:3000/', ['http://localhost:3000/', 'a=1; Path=/; Max-Age=60'])).toBe('a=1')
    expect(sentTo('http://app:3000/', ['http://app:3000/', 'a=1; Path=/; Max-Age=60'])).toBe('a=1')
    expect(sentTo('http://[::1]:3000/', ['http://[::1]:3000/', 'a=1; Path=/; Max-Age=60'])).toBe('a=1')
  })
})
