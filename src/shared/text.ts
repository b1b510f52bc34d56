import { stripVTControlCharacters } from 'node:util'

/** Characters that reorder what follows them, so that text from a target could disguise a line. */
const directionMarks = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

const redacted = '[redacted]'
/** Shorter ones would be found in any text. */
const shortestSecret = 4
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

const secretName =
  /authorization|cookie|token|secret|passw|passphrase|\bpwd|session|credential|signature|[cx]srf|(?:api|access|account|auth|functions|private|signing|subscription)[-_]?key/i

/** Whether a header or field of this name may hold a credential, so that no output shows its value. */
export function isSecretName(name: string): boolean {
  return secretName.test(name)
}

/**
 * Text from a target made safe to print: ANSI escape sequences and marks of text direction are removed, other control
 * characters become spaces, a CI workflow command (`::error::`, `##vso[`) loses its marker, long text is cut.
 */
export function cleanText(text: string, maxLength: number = 200): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is being removed
  const visible = stripVTControlCharacters(text).replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
  const harmless = visible
    .replaceAll(directionMarks, '')
    .replaceAll(/::(?=[a-z-])|##(?=\w*\[)/gi, ' ')
    .trim()
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

/**
 * Replaces known credentials, also where a target gives them back percent-encoded, escaped as in JSON or HTML, in
 * hexadecimal or in base64, alone or within something longer.
 */
export function hideSecrets(text: string, secrets: Iterable<string>): string {
  // A credential may be a part of another.
  const longestFirst = [...new Set(secrets)].toSorted((left, right) => right.length - left.length)
  let hidden = text
  for (const secret of longestFirst) {
    if (secret.length < shortestSecret) break
    hidden = hidden.replaceAll(secret, redacted)
    if (tracesOf(secret).some((trace) => hidden.includes(trace)))
      hidden = hidden.replaceAll(new RegExp(patternOf(secret), 'gi'), redacted)
  }
  return hidden
}

const maxTraces = 500
const tracesBySecret = new Map<string, readonly string[]>()

/** Without one of these in it, a text does not hold the credential in any form: to compile its pattern costs 100 µs. */
function tracesOf(secret: string): readonly string[] {
  const known = tracesBySecret.get(secret)
  if (known !== undefined) return known
  const bytes = Buffer.from(secret)
  const hex = bytes.toString('hex')
  const texts = [secret, ...offsets.map((offset) => base64Of(bytes, offset))]
  const traces = [hex, hex.toUpperCase(), ...texts.map(longestPlainPart)]
  if (tracesBySecret.size >= maxTraces) tracesBySecret.clear()
  tracesBySecret.set(secret, traces)
  return traces
}

/** What no encoding alters. */
function longestPlainPart(text: string): string {
  const parts = text.match(/[a-z\d]+/gi) ?? ['']
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest))
}

function patternOf(secret: string): string {
  const bytes = Buffer.from(secret)
  const inBase64 = offsets.map((offset) =>
    base64Of(bytes, offset).replaceAll('+', '(?:[+-]|%2b)').replaceAll('/', '(?:[/_]|%2f)'),
  )
  return [[...secret].map(spellingsOf).join(''), bytes.toString('hex'), ...inBase64].join('|')
}

const offsets = [0, 1, 2]

/** What the bytes always come to, `offset` bytes after a multiple of three: without digits that depend on their neighbours. */
function base64Of(bytes: Buffer, offset: number): string {
  const digits = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  return digits.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
}

const entities: Readonly<Record<string, string>> = { '"': 'quot', '&': 'amp', "'": 'apos', '<': 'lt', '>': 'gt' }

/** Backslashes and percent signs are repeated where text was encoded more than once. */
function spellingsOf(character: string): string {
  if (/[a-z\d]/i.test(character)) return character
  const bytes = [...Buffer.from(character)].map((byte) => `%(?:25)*${byte.toString(16).padStart(2, '0')}`)
  const code = character.codePointAt(0) ?? 0
  const escaped = `\\\\+u${code.toString(16).padStart(4, '0')}`
  const entity = `&(?:${entities[character] ?? 'none'}|#0*${code}|#x0*${code.toString(16)});`
  const space = character === ' ' ? [String.raw`\+`] : []
  return `(?:\\\\*${escapeRegExp(character)}|${[bytes.join(''), escaped, entity, ...space].join('|')})`
}

/**
 * `cleanText` without `secrets` and what looks like a credential. Cleaned before, because control characters may hide
 * one, and cut afterwards.
 */
export function printable(text: string, maxLength?: number, secrets: Iterable<string> = []): string {
  const clean = cleanText(text.slice(0, windowLength), windowLength)
  return cleanText(redact(hideSecrets(clean, secrets)), maxLength)
}

/** A value as an error message shows it: short, on one line, without what looks like a credential. */
export function showValue(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  const shown = redact(textOf(value).slice(0, windowLength))
  return shown.length > 80 ? `${shown.slice(0, 79)}…` : shown
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, windowLength))
  return typeof value === 'object' && value !== null ? toJson(value) : String(value)
}

function toJson(value: object): string {
  try {
    const json: unknown = JSON.stringify(value)
    // A `toJSON` may return nothing.
    return typeof json === 'string' ? json : 'an object'
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
