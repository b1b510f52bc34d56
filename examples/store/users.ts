import type { User } from './schemas.ts'

const userCount = 500

/** The customers that every store knows: `user1@example.com` with `password-1`, and so on to 500. */
export const users: readonly User[] = Array.from({ length: userCount }, (_, index) => ({
  email: `user${index + 1}@example.com`,
  password: `password-${index + 1}`,
}))
