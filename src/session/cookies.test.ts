import { describe, expect, it } from 'vitest'
import { SessionCookies } from './cookies.ts'

describe('SessionCookies', () => {
  it('sends back what it was given, where it belongs', () => {
    const cookies = new SessionCookies()
    cookies.store(['a=1; Path=/', 'b=2; Path=/cart', 'c=3; Secure'], 'https://shop.test/')
    expect(cookies.headerFor('https://shop.test/')).toBe('a=1; c=3')
    expect(cookies.headerFor('https://shop.test/cart/items')).toBe('b=2; a=1; c=3')
    expect(cookies.headerFor('http://shop.test/')).toBe('a=1')
    expect(cookies.headerFor('https://other.test/')).toBeUndefined()
    expect(cookies.rejected).toBe(0)
  })

  it('has nothing to send before the first cookie and after it was cleared', () => {
    const cookies = new SessionCookies()
    expect(cookies.headerFor('http://shop.test/')).toBeUndefined()
    cookies.store('a=1', 'http://shop.test/')
    cookies.clear()
    expect(cookies.headerFor('http://shop.test/')).toBeUndefined()
  })

  it('replaces a cookie and deletes an expired one', () => {
    const cookies = new SessionCookies()
    cookies.store('a=1', 'http://shop.test/')
    cookies.store('a=2', 'http://shop.test/')
    expect(cookies.headerFor('http://shop.test/')).toBe('a=2')
    cookies.store('a=; Max-Age=0', 'http://shop.test/')
    expect(cookies.headerFor('http://shop.test/')).toBeUndefined()
  })

  it('counts what it refuses and goes on', () => {
    const cookies = new SessionCookies()
    cookies.store(['a=1; Domain=other.test', 'b=2; Domain=test', 'd=4'], 'http://shop.test/')
    expect(cookies.rejected).toBe(2)
    expect(cookies.headerFor('http://shop.test/')).toBe('d=4')
  })
})
