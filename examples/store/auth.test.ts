import { decode } from 'hono/jwt'
import { beforeEach, describe, expect, it } from 'vitest'
import { createStore } from './app.ts'
import { Problem, Token } from './schemas.ts'
import { createTestClient, type TestClient } from './test-client.ts'
import { users } from './users.ts'

const accessMs = 15 * 60_000
const refreshMs = 24 * 60 * 60_000
const registration = { email: 'new@example.com', password: 'password-new', name: 'New' }
let nowMs = 0
let client: TestClient

beforeEach(() => {
  nowMs = 0
  client = createTestClient(createStore({ now: () => nowMs }))
})

async function tokenOf(response: Response): Promise<string> {
  return Token.parse(await response.json()).token
}

/** The `cookie` header of a client that was sent these cookies. */
function cookieOf(response: Response, name: string): Record<'cookie', string> {
  const cookie = response.headers.getSetCookie().find((line) => line.startsWith(`${name}=`)) ?? ''
  return { cookie: `theme=dark; ${cookie.split(';')[0]}; lang=en` }
}

describe('POST /auth/register', () => {
  it('opens an account, with a session', async () => {
    const response = await client.call('POST /auth/register', { body: registration })
    expect(response.status).toBe(201)
    const headers = { authorization: `Bearer ${await tokenOf(response)}` }
    expect(await (await client.call('GET /auth/me', { headers })).json()).toEqual({
      email: 'new@example.com',
      name: 'New',
    })
    expect((await client.call('POST /auth/login', { body: registration })).status).toBe(200)
  })

  it.for(['new@example.com', 'NEW@example.com', 'user1@example.com'])(
    'refuses %s, if taken, with 409',
    async (email) => {
      await client.call('POST /auth/register', { body: registration })
      const response = await client.call('POST /auth/register', { body: { ...registration, email } })
      expect(response.status).toBe(409)
      expect(await response.json()).toEqual({ error: 'There is a customer with this email already' })
    },
  )

  it('names the invalid fields with 400', async () => {
    const response = await client.call('POST /auth/register', { body: { email: 'new', password: 'short', name: '' } })
    expect(response.status).toBe(400)
    const { issues } = Problem.parse(await response.json())
    expect(issues?.map((issue) => issue.path)).toEqual(['email', 'password', 'name'])
  })
})

describe('POST /auth/login', () => {
  it('answers a short-lived token, and cookies that no script may read', async () => {
    const response = await client.call('POST /auth/login', { body: users[499] })
    const { token, expiresInSeconds } = Token.parse(await response.json())
    expect(expiresInSeconds).toBe(900)
    expect(decode(token)).toMatchObject({ header: { alg: 'HS256' }, payload: { sub: 'user500@example.com', exp: 900 } })
    expect(response.headers.getSetCookie()).toEqual([
      `session=${token}; Max-Age=900; Path=/; HttpOnly; SameSite=Lax`,
      expect.stringMatching(/^refresh=[\w.-]+; Max-Age=86400; Path=\/auth; HttpOnly; SameSite=Strict$/),
    ])
  })

  it.for([
    ['a wrong password', { email: 'user1@example.com', password: 'password-2' }],
    ['an unknown user', { email: 'nobody@example.com', password: 'password-1' }],
  ] as const)('refuses %s with 401', async ([, body]) => {
    const response = await client.call('POST /auth/login', { body })
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(await response.json()).toEqual({ error: 'The email or the password is wrong' })
  })

  it('names the invalid fields with 400', async () => {
    const response = await client.call('POST /auth/login', { body: { email: 'user1', password: '' } })
    expect(response.status).toBe(400)
    expect(Problem.parse(await response.json()).issues?.map((issue) => issue.path)).toEqual(['email', 'password'])
  })

  it('refuses a body that is not JSON with 400', async () => {
    const response = await client.call('POST /auth/login', { body: '{' })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: 'The body is not valid JSON', issues: [] })
  })
})

describe('POST /auth/refresh', () => {
  it('goes on with the session, for another quarter of an hour', async () => {
    const login = await client.call('POST /auth/login', { body: users[0] })
    await client.call('POST /cart/items', { headers: cookieOf(login, 'session'), body: { productId: 'p-1' } })
    nowMs = accessMs
    expect((await client.call('GET /cart', { headers: cookieOf(login, 'session') })).status).toBe(401)

    const refreshed = await client.call('POST /auth/refresh', { headers: cookieOf(login, 'refresh') })
    expect(refreshed.status).toBe(200)
    const headers = { authorization: `Bearer ${await tokenOf(refreshed)}` }
    expect(await (await client.call('GET /cart', { headers })).json()).toMatchObject({ items: [{ productId: 'p-1' }] })
  })

  it('refuses no cookie, one that has expired and an access token with 401', async () => {
    const login = await client.call('POST /auth/login', { body: users[0] })
    const refresh = async (headers: Record<string, string>): Promise<number> =>
      (await client.call('POST /auth/refresh', { headers })).status
    expect(await refresh({})).toBe(401)
    expect(await refresh({ cookie: cookieOf(login, 'session').cookie.replace('session=', 'refresh=') })).toBe(401)
    nowMs = refreshMs
    expect(await refresh(cookieOf(login, 'refresh'))).toBe(401)
  })
})

describe('POST /auth/logout', () => {
  it('removes the cookies, and ends this session only', async () => {
    const login = await client.call('POST /auth/login', { body: users[0] })
    const other = await client.login(users[0])
    const response = await client.call('POST /auth/logout', { headers: cookieOf(login, 'session') })
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(response.headers.getSetCookie()).toEqual([
      'session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax',
      'refresh=; Max-Age=0; Path=/auth; HttpOnly; SameSite=Strict',
    ])
    expect((await client.call('GET /auth/me', { headers: cookieOf(login, 'session') })).status).toBe(401)
    expect((await client.call('POST /auth/refresh', { headers: cookieOf(login, 'refresh') })).status).toBe(401)
    expect((await client.call('GET /auth/me', { headers: other })).status).toBe(200)
  })
})

describe('authentication', () => {
  const cartStatus = async (headers: Record<string, string>): Promise<number> =>
    (await client.call('GET /cart', { headers })).status

  it('accepts the cookie in place of the bearer', async () => {
    const login = await client.call('POST /auth/login', { body: users[0] })
    expect(await cartStatus(cookieOf(login, 'session'))).toBe(200)
  })

  it('refuses a missing, a made up, an altered and a refresh token with 401', async () => {
    const login = await client.call('POST /auth/login', { body: users[0] })
    const [, refresh = ''] = /refresh=([^;]+)/.exec(cookieOf(login, 'refresh').cookie) ?? []
    const token = await tokenOf(login)
    const altered = [token.split('.')[0], refresh.split('.')[1], token.split('.')[2]].join('.')
    expect(await cartStatus({})).toBe(401)
    for (const wrong of ['none', altered, refresh])
      expect(await cartStatus({ authorization: `Bearer ${wrong}` })).toBe(401)
  })

  it.for(['GET /auth/me', 'POST /auth/logout', 'PUT /cart', 'POST /orders', 'POST /orders/o-1/cancel'])(
    'is required by %s',
    async (route) => {
      const response = await client.call(route)
      expect(response.status).toBe(401)
      expect(await response.json()).toEqual({ error: 'A valid token is required' })
    },
  )

  it('refuses a token after a quarter of an hour', async () => {
    const headers = await client.login()
    nowMs = accessMs - 1
    expect(await cartStatus(headers)).toBe(200)
    nowMs = accessMs
    expect(await cartStatus(headers)).toBe(401)
  })

  it('accepts a token of another store, but knows who registered there no more than after a reset', async () => {
    const registered = await tokenOf(await client.call('POST /auth/register', { body: registration }))
    const wellKnown = await client.login()
    client = createTestClient(createStore({ now: () => nowMs }))
    expect((await client.call('GET /auth/me', { headers: wellKnown })).status).toBe(200)
    const response = await client.call('GET /auth/me', { headers: { authorization: `Bearer ${registered}` } })
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ error: 'There is no such customer any more' })
  })
})
