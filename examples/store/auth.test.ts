import { beforeEach, describe, expect, it } from 'vitest'
import { createStore } from './app.ts'
import { Problem, Token } from './schemas.ts'
import { createTestClient, type TestClient } from './test-client.ts'
import { users } from './users.ts'

const hourMs = 3_600_000
let nowMs = 0
let client: TestClient

beforeEach(() => {
  nowMs = 0
  client = createTestClient(createStore({ now: () => nowMs }))
})

describe('POST /auth/login', () => {
  it('answers a token and the same token as a cookie', async () => {
    const response = await client.call('POST /auth/login', { body: users[499] })
    const { token, expiresInSeconds } = Token.parse(await response.json())
    expect(expiresInSeconds).toBe(3_600)
    expect(response.headers.getSetCookie()).toEqual([`session=${token}; Max-Age=3600; Path=/; HttpOnly`])
  })

  it.for([
    ['a wrong password', { email: 'user1@example.com', password: 'password-2' }],
    ['an unknown user', { email: 'nobody@example.com', password: 'password-1' }],
  ] as const)('refuses %s with 401', async ([, body]) => {
    const response = await client.call('POST /auth/login', { body })
    expect(response.status).toBe(401)
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

describe('authentication', () => {
  const cartStatus = async (headers: Record<string, string>): Promise<number> =>
    (await client.call('GET /cart', { headers })).status

  it('accepts the cookie in place of the bearer', async () => {
    const { authorization } = await client.login()
    const token = authorization.slice('Bearer '.length)
    expect(await cartStatus({ cookie: `theme=dark; session=${token}; lang=en` })).toBe(200)
  })

  it('refuses a missing, a made up and an altered token with 401', async () => {
    const { authorization } = await client.login()
    expect(await cartStatus({})).toBe(401)
    expect(await cartStatus({ authorization: 'Bearer none' })).toBe(401)
    expect(await cartStatus({ authorization: authorization.replace('Bearer 0.', 'Bearer 1.') })).toBe(401)
  })

  it('refuses a token after its hour', async () => {
    const headers = await client.login()
    nowMs = hourMs - 1
    expect(await cartStatus(headers)).toBe(200)
    nowMs = hourMs
    expect(await cartStatus(headers)).toBe(401)
  })

  it('accepts a token of another instance', async () => {
    const headers = await client.login()
    client = createTestClient(createStore({ now: () => nowMs }))
    expect(await cartStatus(headers)).toBe(200)
  })
})
