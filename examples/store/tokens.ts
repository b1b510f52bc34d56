import { sign, verify } from 'hono/jwt'
import { z } from 'zod'

/** Who sends a request. Every login opens a session of its own, so one user's sessions share no cart. */
export interface Identity {
  email: string
  sessionId: string
}

/** Access tokens come with every request; a refresh token only buys new ones. */
export type TokenUse = 'access' | 'refresh'

/** Signs and verifies the tokens of one store. */
export interface Tokens {
  issue(use: TokenUse, identity: Identity): Promise<string>
  /** Whose token this is, unless it is made up, expired or for another use. */
  verify(use: TokenUse, token: string): Promise<Identity | undefined>
}

/** How long tokens are good for. */
export const lifetimeSeconds = { access: 15 * 60, refresh: 24 * 60 * 60 } as const satisfies Record<TokenUse, number>

// Known to everybody, and the same in every instance: a token from one thread's store is good in another's.
const signingKey = 'the key of an example is no secret'
const Claims = z.object({ sub: z.string(), sid: z.string(), use: z.enum(['access', 'refresh']), exp: z.number() })

/**
 * Creates the tokens of one store: JSON Web Tokens (RFC 7519), signed and not stored, so that no number of logins can
 * push out one in use.
 *
 * @param now - the time in milliseconds since the epoch
 */
export function createTokens(now: () => number): Tokens {
  return {
    issue: (use, { email, sessionId }) => {
      const exp = Math.floor(now() / 1_000) + lifetimeSeconds[use]
      const claims = { sub: email, sid: sessionId, use, exp } satisfies z.infer<typeof Claims>
      return sign(claims, signingKey, 'HS256')
    },
    verify: async (use, token) => {
      const claims = await readClaims(token)
      if (claims?.use !== use || claims.exp * 1_000 <= now()) return undefined
      return { email: claims.sub, sessionId: claims.sid }
    },
  }
}

async function readClaims(token: string): Promise<z.infer<typeof Claims> | undefined> {
  try {
    // Hono would compare the expiry with `Date.now()`, and not with the clock of this store.
    return Claims.parse(await verify(token, signingKey, { alg: 'HS256', exp: false }))
  } catch {
    return undefined
  }
}
