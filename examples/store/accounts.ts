import { hash } from 'node:crypto'
import { RecentMap } from './recent-map.ts'
import type { Account, Registration, User } from './schemas.ts'
import { users } from './users.ts'

/** The customers of one store, by email. */
export interface Accounts {
  /** Whether there was no such customer yet. */
  register(registration: Registration): boolean
  find(email: string): Account | undefined
  /** Whether there is such a customer, with this password. */
  isPassword(user: User): boolean
  /** Forgets whoever registered. */
  clear(): void
}

interface StoredAccount extends Account {
  passwordDigest: string
}

const wellKnown = new Map(users.map((user, index) => [user.email, toStored({ ...user, name: `User ${index + 1}` })]))

/**
 * Creates the customers of one store: those of `users.ts`, and who registers.
 *
 * @param capacity - how many of those who registered are kept at least
 */
export function createAccounts(capacity: number): Accounts {
  const registered = new RecentMap<string, StoredAccount>(capacity)
  const find = (email: string): StoredAccount | undefined => wellKnown.get(email) ?? registered.get(email)
  return {
    register: (registration) => {
      if (find(registration.email)) return false
      registered.set(registration.email, toStored(registration))
      return true
    },
    find: (email) => {
      const account = find(email)
      return account && { email, name: account.name }
    },
    isPassword: ({ email, password }) => find(email)?.passwordDigest === digest(password),
    clear: () => registered.clear(),
  }
}

function toStored({ email, name, password }: Registration): StoredAccount {
  return { email, name, passwordDigest: digest(password) }
}

// A real shop uses a slow, salted hash (argon2, scrypt). Here a load test of the login would then measure that hash and
// nothing else, at some 20 logins a second for each core.
function digest(password: string): string {
  return hash('sha256', password, 'base64url')
}
