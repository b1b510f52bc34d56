import { RecentMap } from './recent-map.ts'
import type { Identity, Tokens, TokenUse } from './tokens.ts'

/** The sessions of one store: each login opens one, and a refresh goes on with it. */
export interface Sessions {
  open(email: string): Identity
  /** Whose token this is, unless it is invalid or its session has ended. */
  identify(use: TokenUse, token: string | undefined): Promise<Identity | undefined>
  /** From now on its tokens are refused. */
  end(identity: Identity): void
  clear(): void
}

/**
 * Creates the sessions of one store.
 *
 * @param capacity - how many ended sessions are remembered at least
 */
export function createSessions(tokens: Tokens, capacity: number): Sessions {
  const ended = new RecentMap<string, Identity>(capacity)
  let openedCount = 0
  return {
    // With the email in it, a token from before a reset, or of another thread's store, opens nobody else's cart.
    open: (email) => ({ email, sessionId: `${email}#${++openedCount}` }),
    identify: async (use, token) => {
      const identity = token === undefined ? undefined : await tokens.verify(use, token)
      return identity && !ended.get(identity.sessionId) ? identity : undefined
    },
    end: (identity) => ended.set(identity.sessionId, identity),
    clear: () => {
      ended.clear()
      openedCount = 0
    },
  }
}
