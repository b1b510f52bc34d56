import { beforeEach, describe, expect, it, vi } from 'vitest'
import { SessionCookies } from './cookies.ts'

const url = 'http://localhost:8080/shop/cart?x=1'

describe('SessionCookies', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 })
    return () => vi.useRealTimers()
  })

  it('has nothing to send until something was stored', () => {
    expect(new SessionCookies().headerFor(url)).toBeUndefined()
  })

  it('sends cookies to the host that set them, also where a header is kept', () => {
    const cookies = new SessionCookies()
    cookies.store(['a=1; Path=/', 'b=2; Path=/'], url)
    for (let turn = 0; turn < 2; turn++) {
      expect(cookies.headerFor('http://localhost:8080/')).toBe('a=1; b=2')
      expect(cookies.headerFor('http://127.0.0.1:8080/')).toBeUndefined()
    }
    cookies.store('a=3; Path=/', url)
    expect(cookies.headerFor('http://localhost:8080/')).toBe('a=3; b=2')
  })

  it('keeps to paths, also of cookies stored later', () => {
    const cookies = new SessionCookies()
    cookies.store('a=1; Path=/', url)
    expect(cookies.headerFor(url)).toBe('a=1')
    cookies.store('b=2', url)
    expect(cookies.headerFor('http://localhost:8080/shop/x')).toBe('b=2; a=1')
    expect(cookies.headerFor('http://localhost:8080/')).toBe('a=1')
  })

  it('sends Secure cookies over TLS only', () => {
    const cookies = new SessionCookies()
    cookies.store('a=1; Path=/; Secure', 'https://shop.example.com/')
    expect(cookies.headerFor('https://shop.example.com/')).toBe('a=1')
    expect(cookies.headerFor('http://shop.example.com/')).toBeUndefined()
  })

  it('forgets cookies when they expire and when they are deleted', () => {
    const cookies = new SessionCookies()
    cookies.store(['a=1; Path=/; Max-Age=10', 'b=2; Path=/'], url)
    expect(cookies.headerFor(url)).toBe('a=1; b=2')
    vi.setSystemTime(1_011_000)
    expect(cookies.headerFor(url)).toBe('b=2')
    cookies.store('b=; Path=/; Max-Age=0', url)
    expect(cookies.headerFor(url)).toBeUndefined()
  })

  it('starts anew after clear', () => {
    const cookies = new SessionCookies()
    cookies.store('a=1; Path=/deep', url)
    cookies.store('b=1; Path=/', url)
    expect(cookies.headerFor(url)).toBe('b=1')
    cookies.clear()
    expect(cookies.headerFor(url)).toBeUndefined()
    cookies.store('c=1; Path=/', url)
    expect(cookies.headerFor(url)).toBe('c=1')
  })

  it('counts what it refuses', () => {
    const cookies = new SessionCookies()
    cookies.store(['a=1; Domain=example.com', 'b=2; Domain=com', 'c=3; Path=/'], 'http://localhost/')
    expect(cookies.rejected).toBe(2)
    expect(cookies.headerFor('http://localhost/')).toBe('c=3')
  })
})
