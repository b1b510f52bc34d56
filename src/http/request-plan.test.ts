import { describe, expect, it } from 'vitest'
import { defaultHttpConfig, type HttpConfig } from './config.ts'
import { RequestPlans } from './request-plan.ts'

const plans = (config: Partial<HttpConfig> = {}): RequestPlans => new RequestPlans({ ...defaultHttpConfig, ...config })
const api = { baseUrl: 'https://api.example.com/v1/' }

describe('RequestPlans', () => {
  it('appends relative URLs to the base URL, its path included', () => {
    for (const url of ['/orders?a=1#top', 'orders?a=1', 'https://api.example.com/v1/orders?a=1']) {
      expect(plans(api).find('GET', url)).toMatchObject({
        origin: 'https://api.example.com',
        path: '/v1/orders?a=1',
        name: 'GET /orders',
      })
    }
  })

  it('replaces ids in names, and nothing else', () => {
    const name = (url: string): string => plans(api).find('GET', url).name
    expect(name('/users/42/v2/orders/3f2504e0-4f89-41d3-9a0c-0305e82c3301')).toBe('GET /users/:id/v2/orders/:id')
    expect(name('/blobs/0123456789abcdef0123')).toBe('GET /blobs/:id')
    expect(name('/prices/-1.5')).toBe('GET /prices/:id')
    expect(name('/deadbeef/2024-q1/item-7')).toBe('GET /deadbeef/2024-q1/item-7')
    expect(name('/users/:user/orders/:id')).toBe('GET /users/:user/orders/:id')
    expect(name('/')).toBe('GET /')
  })

  it('puts the origin into the name when it is another one', () => {
    expect(plans(api).find('GET', 'http://localhost:8080/x/1').name).toBe('GET http://localhost:8080/x/:id')
  })

  it('does not take a port for a place to fill', () => {
    expect(plans().find('GET', 'http://localhost:8080/x').template).toBeUndefined()
    expect(plans().find('GET', 'http://localhost:8080/x/:id?q=/:no')).toMatchObject({
      template: { texts: ['/x/', ''], names: ['id'] },
      templateSearch: '?q=/:no',
    })
  })

  it('refuses what is no http URL, and a relative one without a base URL', () => {
    const refused = (url: string, config?: Partial<HttpConfig>): unknown => {
      try {
        return plans(config).find('GET', url)
      } catch (thrown) {
        return thrown
      }
    }
    expect(refused('/x?token=s3cret')).toMatchObject({
      code: 'ERR_LOAD_URL',
      message: expect.stringMatching(/'\/x'.*LOAD_BASE_URL/),
    })
    expect(refused('ftp://host/x')).toMatchObject({ code: 'ERR_LOAD_URL' })
    expect(refused('http://user:s3cret@localhost/x')).toMatchObject({
      code: 'ERR_LOAD_URL',
      message: expect.not.stringContaining('s3cret'),
    })
    expect(refused('http://user:s3cret@/x')).toMatchObject({
      code: 'ERR_LOAD_URL',
      message: expect.not.stringContaining('s3cret'),
    })
    expect(refused('/x', { baseUrl: 'nonsense' })).toMatchObject({ code: 'ERR_LOAD_URL' })
  })

  it('allows the base URL, loopback and listed targets only', () => {
    const config = {
      ...api,
      targets: ['https://auth.example.com', 'http://cdn.example.com/x', 'https://files.example.com:8443'],
    }
    const allowed = (url: string): boolean => {
      try {
        plans(config).find('GET', url)
        return true
      } catch (thrown) {
        expect(thrown).toMatchObject({
          code: 'ERR_LOAD_TARGET',
          message: expect.stringContaining(`targets: ['${new URL(url).origin}']`),
        })
        return false
      }
    }
    const good = [
      'http://localhost:1',
      'http://a.localhost',
      'http://127.8.0.1',
      'http://[::1]:2',
      'https://auth.example.com:443',
    ]
    const listed = ['http://cdn.example.com/y', 'https://files.example.com:8443']
    for (const url of [...good, ...listed, 'https://api.example.com/x'])
      expect([url, allowed(url)]).toEqual([url, true])
    const bad = [
      'http://api.example.com',
      'http://auth.example.com',
      'https://example.com',
      'http://cdn.example.com:99',
      'https://x.cdn.example.com',
      'http://127.example.com',
    ]
    for (const url of [...bad, 'https://files.example.com', 'http://localhost.example.com'])
      expect([url, allowed(url)]).toEqual([url, false])
  })

  it('keeps a thousand plans and no more', () => {
    const cache = plans(api)
    const first = cache.find('GET', '/x/0')
    for (let id = 1; id < 1000; id++) cache.find('GET', `/x/${id}`)
    expect(cache.find('GET', '/x/0')).toBe(first)
    expect(cache.find('GET', '/x/999')).toBe(cache.find('GET', '/x/999'))
    expect(cache.find('GET', '/x/1000')).not.toBe(cache.find('GET', '/x/1000'))
    expect(cache.find('POST', '/x/0').name).toBe('POST /x/:id')
  })
})
