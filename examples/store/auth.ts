import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { CookieOptions } from 'hono/utils/cookie'
import type { Accounts } from './accounts.ts'
import { type Handler, json, parseBody, problem, type Routes } from './respond.ts'
import { Registration, type Token, User } from './schemas.ts'
import type { Sessions } from './sessions.ts'
import { type Identity, lifetimeSeconds, type Tokens } from './tokens.ts'

/** A handler that only sees requests with a valid token. */
export type AuthenticatedHandler = (context: Context, identity: Identity) => Response | Promise<Response>

/** Gives `handler` requests with a valid token, as a bearer or a cookie, and answers the others with 401. */
export type Authenticated = (handler: AuthenticatedHandler) => Handler

/** What the login works with. */
export interface AuthState {
  accounts: Accounts
  sessions: Sessions
  tokens: Tokens
}

// Without `secure`, since the store speaks plain HTTP. The refresh token goes nowhere but where it is good for.
const accessCookie = { httpOnly: true, sameSite: 'Lax', path: '/' } as const satisfies CookieOptions
const refreshCookie = { httpOnly: true, sameSite: 'Strict', path: '/auth' } as const satisfies CookieOptions

/** Creates what asks for a login in front of a route. */
export function createAuthenticated(sessions: Sessions): Authenticated {
  return (handler) => async (context) => {
    const identity = await sessions.identify('access', readToken(context))
    return identity ? handler(context, identity) : unauthorized('A valid token is required')
  }
}

/** The routes of logging in and out. */
export function authRoutes(state: AuthState, authenticated: Authenticated): Routes {
  return {
    'POST /auth/register': (context) => register(context, state),
    'POST /auth/login': (context) => login(context, state),
    'POST /auth/refresh': (context) => refresh(context, state),
    'GET /auth/me': authenticated((_, { email }) => {
      const account = state.accounts.find(email)
      return account ? json(account) : unauthorized('There is no such customer any more')
    }),
    'POST /auth/logout': authenticated((context, identity) => logout(context, identity, state)),
  }
}

async function register(context: Context, { accounts, sessions, tokens }: AuthState): Promise<Response> {
  const body = await parseBody(context, Registration)
  if (!body.ok) return body.response
  if (!accounts.register(body.value)) return problem(409, 'There is a customer with this email already')
  return grant(context, sessions.open(body.value.email), tokens, 201)
}

async function login(context: Context, { accounts, sessions, tokens }: AuthState): Promise<Response> {
  const body = await parseBody(context, User)
  if (!body.ok) return body.response
  if (!accounts.isPassword(body.value)) return unauthorized('The email or the password is wrong')
  return grant(context, sessions.open(body.value.email), tokens)
}

async function refresh(context: Context, { sessions, tokens }: AuthState): Promise<Response> {
  const identity = await sessions.identify('refresh', getCookie(context, 'refresh'))
  return identity ? grant(context, identity, tokens) : unauthorized('A valid refresh token is required')
}

function logout(context: Context, identity: Identity, { sessions }: AuthState): Response {
  sessions.end(identity)
  deleteCookie(context, 'session', accessCookie)
  deleteCookie(context, 'refresh', refreshCookie)
  return context.body(null, 204)
}

/** Answers with new tokens, as JSON and as cookies: Hono adds those to what the context answers, and to nothing else. */
async function grant(context: Context, identity: Identity, tokens: Tokens, status: 200 | 201 = 200): Promise<Response> {
  const [token, refreshToken] = await Promise.all([tokens.issue('access', identity), tokens.issue('refresh', identity)])
  setCookie(context, 'session', token, { ...accessCookie, maxAge: lifetimeSeconds.access })
  setCookie(context, 'refresh', refreshToken, { ...refreshCookie, maxAge: lifetimeSeconds.refresh })
  return context.json({ token, expiresInSeconds: lifetimeSeconds.access } satisfies Token, status)
}

function unauthorized(error: string): Response {
  return problem(401, error, undefined, { 'www-authenticate': 'Bearer' })
}

function readToken(context: Context): string | undefined {
  const authorization = context.req.header('authorization')
  return authorization?.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : getCookie(context, 'session')
}
