import { stripVTControlCharacters } from 'node:util'

const redacted = '[redacted]'
/** More than is ever shown, so that text is cut after credentials have been found. */
const windowLength = 2000

const jsonMember = /"((?:[^"\\]|\\.){1,64})"(\s*:\s*)("(?:[^"\\]|\\.)*"?|\[[^\]]*\]?|\{[^}]*\}?|[^\s,}\]]+)/g
/** As `util.inspect` and assertions print a member, and `key='value'`. */
const quotedValue = /([\w$.-]{1,64})(["']?\s*[:=]\s*)(?:'(?:[^'\\]|\\.)*('?)|"(?:[^"\\]|\\.)*("?))/g
const formField = /(^|[^\w.[\]-])([\w.[\]-]{1,64})=([^&\s;"'<]+)/g
const userInfo = /(:\/\/)[^\s/?#"'<>]*@/g
const bearer = /\b(bearer|basic)\s+(?!(?:tokens?|auth\w*|credentials?|scheme)\b)[\w.~+/=-]+/gi
const jwt = /\beyJ[\w-]{5,}(?:\.[\w-]*){0,2}/g
/** With a digit: a long name has none. */
const longToken = /\b(?=[a-z_+=-]{0,99}\d)[\w+=-]{40,}/gi

const secretName = /authorization|cookie|token|secret|passw|api[-_]?key|session|credential/i

/** Whether a header or field of this name may hold a credential, so that no output shows its value. */
export function isSecretName(name: string): boolean {
  return secretName.test(name)
}

/**
 * Text from a target made safe to print: ANSI escape sequences are removed, other control characters become spaces, a CI
 * workflow command (`::error::`, `##vso[`) loses its marker, long text is cut.
 */
export function cleanText(text: string, maxLength: number = 200): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is being removed
  const visible = stripVTControlCharacters(text).replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
  const harmless = visible.replaceAll(/::(?=[a-z-])|##(?=\w*\[)/gi, ' ').trim()
  return harmless.length > maxLength ? `${harmless.slice(0, maxLength - 1)}…` : harmless
}

/** Replaces what looks like a credential in text from a target, a scenario or an option. */
export function redact(text: string): string {
  return text
    .replaceAll(jsonMember, (member, key: string, colon: string) =>
      isSecretName(key) ? `"${key}"${colon}"${redacted}"` : member,
    )
    .replaceAll(quotedValue, (member, key: string, between: string, single?: string) => {
      const quote = single === undefined ? '"' : "'"
      return isSecretName(key) ? `${key}${between}${quote}${redacted}${quote}` : member
    })
    .replaceAll(formField, (field, before: string, key: string) =>
      isSecretName(key) ? `${before}${key}=${redacted}` : field,
    )
    .replaceAll(userInfo, `$1${redacted}@`)
    .replaceAll(bearer, (_, scheme: string) => `${scheme} ${redacted}`)
    .replaceAll(jwt, redacted)
    .replaceAll(longToken, redacted)
}

/** `cleanText` without what looks like a credential. Cleaned before, because control characters may hide one. */
export function printable(text: string, maxLength?: number): string {
  return cleanText(redact(cleanText(text.slice(0, windowLength), windowLength)), maxLength)
}

/** A value as an error message shows it: short, on one line, without what looks like a credential. */
export function showValue(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  const text =
    typeof value === 'string' || (typeof value === 'object' && value !== null) ? toJson(value) : String(value)
  const shown = redact(text)
  return shown.length > 80 ? `${shown.slice(0, 79)}…` : shown
}

function toJson(value: string | object): string {
  try {
    return JSON.stringify(value)
  } catch {
    return 'an object'
  }
}

/** Text as a regular expression that matches just it. */
export function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

/** The known name that is nearest to a misspelt one (Levenshtein distance of at most a third of its length). */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1)
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[right.length] ?? 0
}
