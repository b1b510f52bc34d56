import { Hono } from 'hono'
import { createAuth } from './auth.ts'
import { cartRoutes, createCarts } from './carts.ts'
import { createOrders, orderRoutes } from './orders.ts'
import { productRoutes } from './products.ts'
import { createRequestCounts, type RequestCounts } from './request-counts.ts'
import { type Handler, json, problem, type Routes } from './respond.ts'
import type { Stats, TransportStats } from './schemas.ts'

/** What counts below HTTP; only a server with sockets has one. */
export interface Transport {
  stats(): TransportStats
  reset(): void
}

/** Options of {@link createStore}. */
export interface StoreOptions {
  /** Reported by `/__stats`. @default none, as with MSW */
  transport?: Transport
  /** The time in milliseconds since the epoch. @default Date.now */
  now?: () => number
}

/** A small shop: a function from requests to responses, and the state behind it. */
export interface Store {
  fetch(request: Request): Response | Promise<Response>
  /** Forgets carts, orders and counts. Tokens stay valid: they are signed, not stored. */
  reset(): void
}

/**
 * Creates a shop with state of its own.
 *
 * @example
 * ```ts
 * const store = createStore()
 * const response = await store.fetch(new Request('http://store/products?q=lamp'))
 * ```
 */
export function createStore({ transport, now = Date.now }: StoreOptions = {}): Store {
  const auth = createAuth(now)
  const carts = createCarts()
  const orders = createOrders()
  const counts = createRequestCounts()
  const reset = (): void => {
    for (const state of [carts, orders]) state.clear()
    for (const count of [counts, transport]) count?.reset()
  }
  const app = createApp(counts, {
    'GET /health': () => json({ status: 'ok' }),
    ...auth.routes,
    ...productRoutes,
    ...cartRoutes(carts, auth),
    ...orderRoutes(orders, carts, auth),
  })
  app.get('/__stats', () => json({ ...counts.snapshot(), transport: transport?.stats() ?? null } satisfies Stats))
  app.post('/__reset', () => {
    reset()
    return new Response(null, { status: 204 })
  })
  return { fetch: (request) => app.fetch(request), reset }
}

function createApp(counts: RequestCounts, routes: Routes): Hono {
  const app = new Hono()
  for (const [name, handler] of Object.entries(routes)) {
    const [method = '', path = ''] = name.split(' ')
    app.on(method, path, counted(name, handler, counts))
  }
  app.notFound(counted('*', () => problem(404, 'There is no such route'), counts))
  app.onError((error) => {
    console.error(error)
    counts.add('*', 500)
    return problem(500, 'The store has a bug')
  })
  return app
}

// Not a middleware: those make every answer asynchronous and cost more than the routes do.
function counted(name: string, handler: Handler, counts: RequestCounts): Handler {
  const count = (response: Response): Response => {
    counts.add(name, response.status)
    return response
  }
  return (context) => {
    const response = handler(context)
    return response instanceof Promise ? response.then(count) : count(response)
  }
}
