import * as fc from 'fast-check'
import { CookieJar } from 'tough-cookie'
import { describe, expect, it } from 'vitest'
import { SessionCookies } from './cookies.ts'

const shop = 'http://shop.test'
const secureShop = 'https://shop.test'

describe('SessionCookies', () => {
  it('sends back what it was given, where it belongs', () => {
    const cookies = new SessionCookies()
    cookies.store(['a=1; Path=/', 'b=2; Path=/cart', 'c=3; Secure'], secureShop, '/')
    expect(cookies.headerFor(secureShop, '/')).toBe('a=1; c=3')
    expect(cookies.headerFor(secureShop, '/cart/items')).toBe('b=2; a=1; c=3')
    expect(cookies.headerFor(shop, '/')).toBe('a=1')
    expect(cookies.headerFor('https://other.test', '/')).toBeUndefined()
    expect(cookies.rejected).toBe(0)
  })

  it('has nothing to send before the first cookie and after it was cleared', () => {
    for (const line of ['a=1', 'a=1; Path=/']) {
      const cookies = new SessionCookies()
      expect(cookies.headerFor(shop, '/')).toBeUndefined()
      cookies.store(line, shop, '/')
      expect(cookies.headerFor(shop, '/')).toBe('a=1')
      cookies.clear()
      expect(cookies.headerFor(shop, '/')).toBeUndefined()
      expect(cookies.all()).toEqual([])
    }
  })

  it('replaces a cookie and deletes an expired one', () => {
    for (const attributes of ['', '; Path=/']) {
      const cookies = new SessionCookies()
      cookies.store([`a=1${attributes}`, `b=1${attributes}`], shop, '/')
      cookies.store(`a=2${attributes}`, shop, '/')
      expect(cookies.headerFor(shop, '/')).toBe('a=2; b=1')
      cookies.store(`a=; Max-Age=0${attributes}`, shop, '/')
      expect(cookies.headerFor(shop, '/')).toBe('b=1')
    }
  })

  it('counts what it refuses and goes on', () => {
    const cookies = new SessionCookies()
    cookies.store(['a=1; Domain=other.test', 'b=2; Domain=test', 'd=4'], shop, '/')
    expect(cookies.rejected).toBe(2)
    expect(cookies.headerFor(shop, '/')).toBe('d=4')
  })

  it('tells all names and values', () => {
    const cookies = new SessionCookies()
    cookies.store('a=1=2; Path=/; HttpOnly', shop, '/')
    expect(cookies.all()).toEqual([['a', '1=2']])
    cookies.store('b=3', shop, '/cart/items')
    expect(cookies.all()).toEqual([
      ['a', '1=2'],
      ['b', '3'],
    ])
  })

  it('sends what a jar of the library would send, whatever is set and asked for', () => {
    const origin = fc.constantFrom(shop, secureShop, `${shop}:8080`, 'https://www.shop.test', 'http://127.0.0.1:1')
    const path = fc.constantFrom('/', '/cart', '/cart/items?a=1')
    const attribute = fc.constantFrom('Path=/', 'path=/', 'Path=/cart', 'HttpOnly', 'Secure', 'SameSite=Lax', 'Path=')
    const rarer = fc.constantFrom('Domain=shop.test', 'Max-Age=60', 'Max-Age=0', 'SameSite', 'Priority=High', '')
    const name = fc.constantFrom('a', 'b', '__Host-c', '__Secure-d', 'e f', '')
    const value = fc.constantFrom('1', '2=', '"3"', '', 'x y', 'a,b', 'é')
    const line = fc
      .tuple(name, value, fc.array(fc.oneof({ weight: 4, arbitrary: attribute }, rarer), { maxLength: 4 }))
      .map(([key, text, attributes]) => [`${key}=${text}`, ...attributes].join('; '))
    const action = fc.record({ origin, path, lines: fc.array(line, { maxLength: 3 }) })
    fc.assert(
      fc.property(fc.array(action, { maxLength: 6 }), (actions) => {
        const cookies = new SessionCookies()
        const jar = new CookieJar()
        for (const { origin: from, path: at, lines } of actions) {
          cookies.store(lines, from, at)
          for (const text of lines) store(jar, text, from + at)
          expect(cookies.headerFor(from, at) ?? '').toBe(jar.getCookieStringSync(from + at))
          expect(Object.fromEntries(cookies.all())).toEqual(valuesOf(jar))
        }
      }),
      { numRuns: 500 },
    )
  })
})

function store(jar: CookieJar, line: string, url: string): void {
  try {
    jar.setCookieSync(line, url)
  } catch {
    // Refused.
  }
}

function valuesOf(jar: CookieJar): Record<string, string> {
  const cookies = jar.serializeSync()?.cookies ?? []
  return Object.fromEntries(cookies.map(({ key, value }) => [String(key), String(value)]))
}
