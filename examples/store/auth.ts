import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { type Handler, json, parseBody, problem, type Routes } from './respond.ts'
import { type Token, User } from './schemas.ts'
import { users } from './users.ts'

/** Who sends a request. Every login opens a session of its own, so one user's sessions share no cart. */
export interface Identity {
  userId: number
  sessionId: string
}

/** A handler that only sees requests with a valid token. */
export type AuthenticatedHandler = (context: Context, identity: Identity) => Response | Promise<Response>

/** Logging in, and asking for it. */
export interface Auth {
  routes: Routes
  authenticated: (handler: AuthenticatedHandler) => Handler
}

const expiresInSeconds = 3_600
// Known to everybody, and the same in every instance: a token from one thread's store is good in another's.
const signingKey = 'the key of an example is no secret'
const cookiePattern = /(?:^|;\s*)session=([^;]+)/
const usersByEmail = new Map(users.map((user, userId) => [user.email, { ...user, userId }]))

/**
 * Creates the login of one store. Tokens are signed, not stored: no number of logins can push out a token in use.
 *
 * @param now - the time in milliseconds since the epoch
 */
export function createAuth(now: () => number): Auth {
  return {
    routes: { 'POST /auth/login': (context) => login(context, now()) },
    authenticated: (handler) => (context) => {
      const token = readToken(context.req.raw.headers)
      const identity = token === undefined ? undefined : verify(token, now())
      return identity ? handler(context, identity) : problem(401, 'A valid token is required')
    },
  }
}

async function login(context: Context, nowMs: number): Promise<Response> {
  const body = await parseBody(context, User)
  if (!body.ok) return body.response
  const user = usersByEmail.get(body.value.email)
  if (user?.password !== body.value.password) return problem(401, 'The email or the password is wrong')
  const token = issue(user.userId, nowMs)
  const cookie = `session=${token}; Max-Age=${expiresInSeconds}; Path=/; HttpOnly`
  return json({ token, expiresInSeconds } satisfies Token, 200, { 'set-cookie': cookie })
}

function issue(userId: number, nowMs: number): string {
  const payload = `${userId}.${randomUUID()}.${nowMs + expiresInSeconds * 1_000}`
  return `${payload}.${sign(payload)}`
}

function verify(token: string, nowMs: number): Identity | undefined {
  const end = token.lastIndexOf('.')
  const payload = token.slice(0, end)
  if (!isEqual(token.slice(end + 1), sign(payload))) return undefined
  const [userId, sessionId, expiresAtMs] = payload.split('.')
  if (sessionId === undefined || Number(expiresAtMs) <= nowMs) return undefined
  return { userId: Number(userId), sessionId }
}

function sign(payload: string): string {
  return createHmac('sha256', signingKey).update(payload).digest('base64url')
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function readToken(headers: Headers): string | undefined {
  const authorization = headers.get('authorization')
  if (authorization?.startsWith('Bearer ')) return authorization.slice('Bearer '.length)
  return cookiePattern.exec(headers.get('cookie') ?? '')?.[1]
}
