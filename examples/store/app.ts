import { setTimeout as delay } from 'node:timers/promises'
import { Hono } from 'hono'
import { createAccounts } from './accounts.ts'
import { type AuthState, authRoutes, createAuthenticated } from './auth.ts'
import { cartRoutes } from './cart-routes.ts'
import { createCarts } from './carts.ts'
import { exportRoutes } from './export-routes.ts'
import { orderEventRoutes } from './order-events.ts'
import { orderRoutes, type OrderState } from './order-routes.ts'
import { createOrders } from './orders.ts'
import { photoRoutes } from './photos.ts'
import { productRoutes } from './products.ts'
import { createRandom } from './random.ts'
import { createRequestCounts } from './request-counts.ts'
import { json, noContent, type Routes } from './respond.ts'
import { reviewRoutes } from './reviews.ts'
import { mount } from './routes.ts'
import type { Stats, TransportStats } from './schemas.ts'
import { createSessions } from './sessions.ts'
import { createTokens } from './tokens.ts'
import { type Sleep, varyRoutes } from './vary.ts'
import { createGuesses, type Guesses, voucherRoutes } from './vouchers.ts'

/** What counts below HTTP; only a server with sockets has one. */
export interface Transport {
  stats(): TransportStats
  reset(): void
}

/** Options of {@link createStore}. */
export interface StoreOptions {
  /** Of the random numbers behind `/vary`. @default 1 */
  seed?: number
  /** How many carts, orders, idempotency keys, registered customers, and sessions that ended or guess, are kept at least. @default 50_000 */
  capacity?: number
  /** Reported by `/__stats`. @default none, as with MSW */
  transport?: Transport
  /** The time in milliseconds since the epoch. @default Date.now */
  now?: () => number
  /** What `/vary` and the events of an order wait with. @default a timer */
  sleep?: Sleep
}

/** A small shop: a function from requests to responses, and the state behind it. */
export interface Store {
  /** The paths that it answers, such as `/products/:id`. */
  readonly paths: readonly string[]
  fetch(request: Request): Response | Promise<Response>
  /**
   * Forgets carts, orders, registrations, logouts, guesses and counts, and starts the random numbers again. Tokens stay valid:
   * they are signed, not stored.
   */
  reset(): void
}

type State = AuthState & OrderState & { guesses: Guesses }

/**
 * Creates a shop with state of its own.
 *
 * @example
 * ```ts
 * const store = createStore()
 * const response = await store.fetch(new Request('http://store/products?q=lamp'))
 * ```
 */
export function createStore({ seed = 1, transport, sleep = delay, ...options }: StoreOptions = {}): Store {
  const state = createState(options)
  const random = createRandom(seed)
  const counts = createRequestCounts()
  const reset = (): void => {
    for (const part of [state.accounts, state.sessions, state.carts, state.orders, state.guesses]) part.clear()
    for (const part of [random, counts, transport]) part?.reset()
  }
  const app = new Hono()
  mount(app, counts, { ...storeRoutes(state, sleep), ...varyRoutes(random, sleep) })
  app.get('/__stats', () => json({ ...counts.snapshot(), transport: transport?.stats() ?? null } satisfies Stats))
  app.post('/__reset', () => {
    reset()
    return noContent()
  })
  const paths = [...new Set(app.routes.map((route) => route.path))]
  return { paths, fetch: (request) => app.fetch(request), reset }
}

function createState({ now = Date.now, capacity = 50_000 }: Pick<StoreOptions, 'now' | 'capacity'>): State {
  const tokens = createTokens(now)
  return {
    tokens,
    accounts: createAccounts(capacity),
    sessions: createSessions(tokens, capacity),
    carts: createCarts(capacity),
    orders: createOrders(capacity),
    guesses: createGuesses(capacity, now),
  }
}

function storeRoutes(state: State, sleep: Sleep): Routes {
  const authenticated = createAuthenticated(state.sessions)
  return {
    'GET /health': () => json({ status: 'ok' }),
    ...authRoutes(state, authenticated),
    ...productRoutes,
    ...photoRoutes,
    ...reviewRoutes(authenticated),
    ...exportRoutes,
    ...cartRoutes(state.carts, authenticated),
    ...orderRoutes(state, authenticated),
    ...orderEventRoutes(state.orders, authenticated, sleep),
    ...voucherRoutes(state.guesses, authenticated),
  }
}
