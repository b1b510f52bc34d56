import { describe, expect, it } from 'vitest'
import { defaultHttpConfig, type HttpConfig } from './config.ts'
import { isListed } from './hosts.ts'
import { isAllowedTarget } from './targets.ts'

const allows = (url: string, config: Partial<HttpConfig> = {}): boolean =>
  isAllowedTarget(new URL(url), { ...defaultHttpConfig, ...config })
const hosts = (name: string, hostname: string): Partial<HttpConfig> => ({
  hosts: { [name]: { hostname, port: undefined } },
})
const through = (hostname: string, bypass: readonly string[] = []): Partial<HttpConfig> => ({
  proxy: { protocol: 'http:', hostname, port: '3128', headers: [], bypass },
})

describe('isAllowedTarget', () => {
  it.for([
    'http://localhost:3000',
    'http://app.localhost',
    'http://LOCALHOST',
    'http://127.0.0.1',
    'http://127.1',
    'http://2130706433',
    'http://0x7f000001',
    'http://[::1]:3000',
    'http://[0:0:0:0:0:0:0:1]',
  ])('allows loopback, however it is written: %s', (url) => {
    expect(allows(url)).toBe(true)
  })

  it.for([
    'http://0.0.0.0:3000',
    'http://localhost.:3000',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://notlocalhost',
    'http://[::]',
    'http://[::2]',
    'http://[::ffff:127.0.0.1]',
    'http://3232235777',
    'http://10.0.0.1',
    'http://169.254.169.254',
  ])('refuses what is not, or may not be on every system: %s', (url) => {
    expect(allows(url)).toBe(false)
    expect(allows(url, { targets: [new URL(url).origin] })).toBe(true)
  })

  it('goes by what is dialled in place of a host', () => {
    expect(allows('http://api.test', hosts('api.test', '127.0.0.1'))).toBe(true)
    expect(allows('http://a.b.test', hosts('*.test', '::1'))).toBe(true)
    expect(allows('http://test', hosts('*.test', '127.0.0.1'))).toBe(false)
    expect(allows('http://api.test', hosts('api.test', '10.0.0.7'))).toBe(false)
    // An address that is none is looked up.
    expect(allows('http://api.test', hosts('api.test', '127.999.0.1'))).toBe(false)
    expect(allows('http://localhost', hosts('localhost', '10.0.0.7'))).toBe(false)
    expect(allows('http://app.localhost', hosts('*.localhost', '10.0.0.7'))).toBe(false)
    expect(allows('http://localhost', { ...hosts('localhost', '10.0.0.7'), baseUrl: 'http://localhost' })).toBe(true)
  })

  it('takes the loopback of a proxy for that of another machine', () => {
    for (const url of ['http://localhost:3000', 'http://127.0.0.1', 'http://[::1]']) {
      expect(allows(url, through('proxy.example.com'))).toBe(false)
      expect(allows(url, through('127.0.0.1'))).toBe(true)
      expect(allows(url, { ...through('proxy.example.com'), targets: [new URL(url).origin] })).toBe(true)
      expect(allows(url, through('proxy.example.com', ['localhost', '127.0.0.1', '::1']))).toBe(true)
    }
    const both = { ...hosts('api.test', '127.0.0.1'), ...through('127.0.0.1') }
    expect(allows('http://api.test', both)).toBe(false)
  })
})

describe('isListed', () => {
  it('knows an address of IPv6 with brackets and without', () => {
    for (const listed of ['::1', '[::1]', '[::1]:80'])
      for (const hostname of ['::1', '[::1]']) expect(isListed([listed], hostname, '80')).toBe(true)
    expect(isListed(['[::1]:81', '::2'], '::1', '80')).toBe(false)
  })
})
