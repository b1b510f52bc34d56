import { csv, http, step, vu } from 'vitest-load'
import { type Registration, Token, User } from '../../examples/store/schemas.ts'

/** The customers that every store knows; each virtual user is one of them, and no two are the same. */
export const users = csv(new URL('./users.csv', import.meta.url), { schema: User, pick: 'unique', per: 'vu' })

/** A customer that no store has seen yet. */
export function newCustomer(): Registration {
  const id = vu.uniqueId()
  return { email: `${id}@example.com`, password: `password-${id}`, name: `Customer ${id}` }
}

/** Opens an account, as the step `register`, and returns the token of its first session. */
export async function register(customer: Registration = newCustomer()): Promise<string> {
  const { token } = await step('register', () =>
    http.post('/auth/register', { json: customer }).expect(201).json(Token),
  )
  return token
}

/** Signs in, as the step `login`, and returns the token of the session. */
export async function login({ email, password }: User): Promise<string> {
  const { token } = await step('login', () =>
    http.post('/auth/login', { json: { email, password } }).expect(200).json(Token),
  )
  return token
}
