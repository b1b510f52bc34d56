import { causesOf } from '../engine/categorise.ts'
import { hideSecrets, redact } from '../shared/text.ts'

/**
 * What a body has thrown, without credentials: Vitest prints an error with its causes and the values it compares. In
 * place, so that its stack leads to the user's line.
 */
export function withoutSecrets(thrown: unknown, known: Iterable<string>): unknown {
  const secrets = [...known]
  const safe = (text: string): string => redact(hideSecrets(text, secrets))
  if (typeof thrown === 'string') return safe(thrown)
  try {
    for (const error of causesOf(thrown)) {
      for (const field of ['message', 'stack'] as const) replace(error, field, safe)
      for (const field of ['actual', 'expected'] as const) replace(error, field, safe)
    }
  } catch {
    // What cannot be read or written is left as it was thrown.
  }
  return thrown
}

/** A value that is no text is left out where it holds a credential: Vitest would print it member by member. */
function replace(error: object, field: string, safe: (text: string) => string): void {
  const value: unknown = Reflect.get(error, field)
  if (value === undefined) return
  const text = typeof value === 'string' ? value : toText(value)
  const shown = safe(text)
  if (shown !== text || text === '')
    Object.defineProperty(error, field, { value: shown, configurable: true, writable: true })
}

/** What has no text cannot be looked through, and is not shown either. */
function toText(value: unknown): string {
  try {
    // A function has none.
    const json: unknown = JSON.stringify(value)
    return typeof json === 'string' ? json : String(value)
  } catch {
    return ''
  }
}
