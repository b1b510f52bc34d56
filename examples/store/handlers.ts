import { http, type RequestHandler } from 'msw'
import { createStore, type Store } from './app.ts'

/**
 * Puts `store` behind Mock Service Worker, at any origin: one handler for each path. It is for all methods, as HEAD,
 * OPTIONS and 405 are answers of the store too. A path that the store does not have is left unhandled.
 */
export function createHandlers(store: Store): RequestHandler[] {
  return store.paths.map((path) => http.all(`*${path}`, ({ request }) => store.fetch(request)))
}

/** The handlers of a store of their own, such as `setupServer(...handlers)` or the `offline` option takes. */
export const handlers: RequestHandler[] = createHandlers(createStore())
