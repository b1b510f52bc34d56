import type { Authenticated } from './auth.ts'
import { RecentMap } from './recent-map.ts'
import { json, problem, type Routes } from './respond.ts'
import type { Voucher } from './schemas.ts'

/** Slows down whoever guesses: after three misses in a row the next try is refused, for one second from then on. */
export interface Guesses {
  /** Milliseconds that a session has to wait before its next try; 0 for none. */
  waitMs(sessionId: string): number
  /** Takes down what came of a try. */
  record(sessionId: string, isHit: boolean): void
  clear(): void
}

interface Tries {
  misses: number
  refusedUntilMs: number
}

const allowedMisses = 3
const refusalMs = 1_000
const vouchers: readonly Voucher[] = [
  { code: 'WELCOME10', percentOff: 10 },
  { code: 'LOYAL15', percentOff: 15 },
]
const vouchersByCode = new Map(vouchers.map((voucher) => [voucher.code, voucher]))

/**
 * Creates the memory of one store for who guesses.
 *
 * @param capacity - how many sessions are remembered at least
 * @param now - the time in milliseconds since the epoch
 */
export function createGuesses(capacity: number, now: () => number): Guesses {
  const sessions = new RecentMap<string, Tries>(capacity)
  return {
    waitMs: (sessionId) => {
      const tries = sessions.get(sessionId)
      if (tries === undefined) return 0
      // Not from the last miss on: a client that pauses by chance would meet a refusal or not.
      if (tries.misses === allowedMisses) Object.assign(tries, { misses: 0, refusedUntilMs: now() + refusalMs })
      return Math.max(0, tries.refusedUntilMs - now())
    },
    record: (sessionId, isHit) => {
      const { misses = 0 } = sessions.get(sessionId) ?? {}
      sessions.set(sessionId, { misses: isHit ? 0 : misses + 1, refusedUntilMs: 0 })
    },
    clear: () => sessions.clear(),
  }
}

/** The route that tells what a voucher is worth. */
export function voucherRoutes(guesses: Guesses, authenticated: Authenticated): Routes {
  return {
    'GET /vouchers/:code': authenticated((context, { sessionId }) => {
      const waitMs = guesses.waitMs(sessionId)
      if (waitMs > 0) return tooManyTries(waitMs)
      const voucher = vouchersByCode.get(context.req.param('code') ?? '')
      guesses.record(sessionId, voucher !== undefined)
      return voucher ? json(voucher) : problem(404, 'There is no such voucher')
    }),
  }
}

function tooManyTries(waitMs: number): Response {
  const headers = { 'retry-after': String(Math.ceil(waitMs / 1_000)) }
  return problem(429, 'Too many tries', undefined, headers)
}
