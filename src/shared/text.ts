import { stripVTControlCharacters } from 'node:util'

/** Characters that reorder what follows them, so that text from a target could disguise a line. */
const directionMarks = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

const redacted = '[redacted]'
/** Shorter ones would be found in any text. */
const shortestSecret = 4
/** More than is ever shown, so that text is cut after credentials have been found. */
const windowLength = 2000

const jsonKey = /"((?:[^"\\]|\\.){1,64})"\s*:\s*/g
const jsonScalar = /"(?:[^"\\]|\\.)*"?|[^\s,}\]]+/y
/** As `util.inspect` and assertions print a member, and `key='value'`. */
const quotedValue = /([\w$.-]{1,64})(["']?\s*[:=]\s*)(?:'(?:[^'\\]|\\.)*('?)|"(?:[^"\\]|\\.)*("?))/g
const formField = /(^|[^\w.[\]-])([\w.[\]-]{1,64})=([^&\s;"'<]+)/g
const userInfo = /(:\/\/)[^\s/?#"'<>]*@/g
const bearer = /\b(bearer|basic)\s+([\w.~+/=-]+)/gi
/** Unlike a word of a sentence. */
const likeToken = /[\d+/=_~]|[a-z][A-Z]|\.\w/
const jwt = /\beyJ[\w-]{5,}(?:\.[\w-]*){0,2}/g
/** With a digit: a long name has none. */
const longToken = /\b(?=[a-z_+=-]{0,99}\d)[\w+=-]{40,}/gi

const secretName =
  /authorization|cookie|token|secret|passw|passphrase|passcode|pwd|session|sessid|credential|signature|[cx]srf|(?:^|[-_])(?:auth|jwt|otp|pass|pin|sid|sig)$|^key$|(?:api|access|account|auth|functions|private|signing|subscription)[-_]?key/i

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
  return redactMembers(text)
    .replaceAll(quotedValue, (member, key: string, between: string, single?: string) => {
      const quote = single === undefined ? '"' : "'"
      return isSecretName(key) ? `${key}${between}${quote}${redacted}${quote}` : member
    })
    .replaceAll(formField, (field, before: string, key: string) =>
      isSecretName(key) ? `${before}${key}=${redacted}` : field,
    )
    .replaceAll(userInfo, `$1${redacted}@`)
    .replaceAll(bearer, (whole, scheme: string, token: string) =>
      likeToken.test(token) ? `${scheme} ${redacted}` : whole,
    )
    .replaceAll(jwt, redacted)
    .replaceAll(longToken, redacted)
}

/** Members of JSON whose name is that of a credential, with all that is in them. */
function redactMembers(text: string): string {
  let done = ''
  let from = 0
  for (const member of text.matchAll(jsonKey)) {
    const start = member.index + member[0].length
    if (member.index < from || !isSecretName(member[1] ?? '')) continue
    done += `${text.slice(from, start)}"${redacted}"`
    from = endOfValue(text, start)
  }
  return done + text.slice(from)
}

/** Where the JSON value ends that starts there; the end of the text where it was cut. */
function endOfValue(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const character = text[at] ?? ''
    if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
    else if (character === '"' || depth === 0) {
      jsonScalar.lastIndex = at
      at += Math.max(1, jsonScalar.exec(text)?.[0].length ?? 1) - 1
    }
    if (depth <= 0) return at + 1
  }
  return text.length
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
    if (commonWord.test(secret)) continue
    if (wordLike.test(secret)) {
      hidden = hidden.replaceAll(new RegExp(`(?<!\\w)${secret}(?!\\w)`, 'g'), redacted)
      continue
    }
    hidden = hidden.replaceAll(secret, redacted)
    const search = searchFor(secret)
    if (search.traces.some((trace) => hidden.includes(trace)))
      hidden = hidden.replaceAll((search.pattern ??= new RegExp(patternOf(secret), 'gi')), redacted)
  }
  return hidden
}

/** Values that stand in every text, and figures: to hide them would say nothing and spoil much. */
const commonWord = /^(?:true|false|null|undefined|\d{1,5})$/
/** Found as whole words only: short ones are parts of others. */
const wordLike = /^(?:[a-z]{1,7}|\d+)$/i

interface Search {
  /** Without one of these in it, a text does not hold the credential in any form: to compile its pattern costs 100 µs. */
  readonly traces: readonly string[]
  pattern: RegExp | undefined
}

const maxSearches = 500
const searches = new Map<string, Search>()

function searchFor(secret: string): Search {
  const known = searches.get(secret)
  if (known !== undefined) return known
  const bytes = Buffer.from(secret)
  const hex = bytes.toString('hex')
  const texts = [secret, ...offsets.map((offset) => base64Of(bytes, offset))]
  const traces = [hex, hex.toUpperCase(), ...texts.map(longestPlainPart)]
  if (searches.size >= maxSearches) searches.clear()
  const search: Search = { traces, pattern: undefined }
  searches.set(secret, search)
  return search
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
  // A run of backslashes as one, or each of them could be any number of those in a text.
  const units = secret.match(/\\+|[^\\]/gu) ?? []
  return [units.map(spellingsOf).join(''), bytes.toString('hex'), ...inBase64].join('|')
}

const offsets = [0, 1, 2]

/** What the bytes always come to, `offset` bytes after a multiple of three: without digits that depend on their neighbours. */
function base64Of(bytes: Buffer, offset: number): string {
  const digits = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  return digits.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
}

const entities: Readonly<Record<string, string>> = { '"': 'quot', '&': 'amp', "'": 'apos', '<': 'lt', '>': 'gt' }

/** Backslashes and percent signs are repeated where text was encoded more than once. */
function spellingsOf(unit: string): string {
  if (/[a-z\d]/i.test(unit)) return unit
  if (unit.startsWith('\\'))
    return String.raw`(?:\\{1,64}|(?:%(?:25){0,4}5c){1,64}|(?:\\{1,8}u005c){1,64}|(?:&#0{0,6}92;){1,64})`
  const bytes = [...Buffer.from(unit)].map((byte) => `%(?:25){0,4}${byte.toString(16).padStart(2, '0')}`)
  const code = unit.codePointAt(0) ?? 0
  const escaped = String.raw`\\{1,8}u${code.toString(16).padStart(4, '0')}`
  const entity = `&(?:${entities[unit] ?? 'none'}|#0{0,6}${code}|#x0{0,6}${code.toString(16)});`
  const space = unit === ' ' ? [String.raw`\+`] : []
  return String.raw`(?:\\{0,8}${escapeRegExp(unit)}|${[bytes.join(''), escaped, entity, ...space].join('|')})`
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

/** What to say of an option that is none of the known ones. One of `others` may have been meant, too. */
export function unknownOption(name: string, known: readonly string[], others: readonly string[] = []): string {
  const nearest = nearestName(name, [...known, ...others])
  return `unknown option; ${nearest === undefined ? `known are ${known.join(', ')}` : `did you mean '${nearest}'?`}`
}

/** A message with the full stop that it needs after anything but a question. */
export function asSentence(message: string): string {
  return message.endsWith('?') ? message : `${message}.`
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
