import { createHash } from 'node:crypto'

/** What makes a row of the error table the same one in every run. */
export interface ErrorIdentity {
  readonly category: string
  readonly message: string
  readonly step: string
  readonly request: string
}

/** Crockford's base 32: nothing in it is taken for something else, in whatever case it is typed. */
const digits = '0123456789abcdefghjkmnpqrstvwxyz'
const idLength = 6

/**
 * Short names for the rows of a scenario's error table, in their order: made of what a row says, so that a kind of failure
 * has the same one in every run and in every output, and of the scenario, so that two of one run rarely share one. Within
 * a result each is given once.
 */
export function errorIds(
  { file, scenario }: { readonly file: string; readonly scenario: string },
  rows: readonly ErrorIdentity[],
): string[] {
  const given = new Set<string>()
  return rows.map(({ category, message, step, request }) => {
    const identity = [file, scenario, category, message, step, request]
    for (let attempt = 0; ; attempt++) {
      const id = hashOf(attempt === 0 ? identity : [...identity, String(attempt)])
      if (given.has(id)) continue
      given.add(id)
      return id
    }
  })
}

function hashOf(identity: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest()
  return Array.from({ length: idLength }, (_, index) => digits[(hash[index] ?? 0) % 32]).join('')
}
