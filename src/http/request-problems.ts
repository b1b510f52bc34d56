import type { Duration } from '../shared/durations.ts'
import { retryOptionNames, retryProblems } from '../shared/retry.ts'
import { isSecretName, nearestName, printable, showValue, unknownOption } from '../shared/text.ts'
import type { PathTemplate } from './path-params.ts'
import {
  areTags,
  isBasic,
  isBearer,
  isByteLimit,
  isFieldItem,
  isHeaderValue,
  isName,
  isParam,
  isRecord,
  isRedirectMode,
  isSwitch,
  isToken,
  optionNames,
  timeoutMsOf,
} from './request-checks.ts'
import { bodyConflicts, checkBody, checkMultipart } from './body-problems.ts'
import { brokenText, kindOf, shortName, type Line } from './problem-lines.ts'
import { isCompression } from './compression.ts'
import { timeoutNames } from './request-timeouts.ts'

export { kindOf } from './problem-lines.ts'

type Check = (value: unknown, option: string) => Line[]

/** More than that are one mistake: a body, for example, that was given as the options. */
const maxProblems = 10

/**
 * What is wrong with the options of a request, a line for each problem. Values of headers, fields, bodies and
 * credentials are told by their kind only. `template` is `null` where the path is not known.
 */
export function requestProblems(options: unknown, template: PathTemplate | null | undefined): string[] {
  const problems =
    options === undefined || isRecord(options) ? memberProblems(options ?? {}, template) : notRecord(options)
  const rest = problems.length - maxProblems
  const lines = problems.slice(0, rest > 1 ? maxProblems : undefined).map((line) => line())
  return rest > 1 ? [...lines, `and ${rest} more`] : lines
}

/** `requestProblems`, or `undefined` where a getter throws as the options are read. */
export function readProblems(options: unknown, template: PathTemplate | null | undefined): string[] | undefined {
  try {
    return requestProblems(options, template)
  } catch {
    return undefined
  }
}

function notRecord(options: unknown): Line[] {
  // In k6 the second argument of `post` is the body.
  const write = typeof options === 'string' ? '; write { body: text }, or { json: value } for JSON' : ''
  return [() => `options: expected an object such as { query: { page: 2 } }; received ${kindOf(options)}${write}`]
}

function memberProblems(options: Readonly<Record<string, unknown>>, template: PathTemplate | null | undefined): Line[] {
  const ofValues = [...optionNames].flatMap((name) => {
    const value = options[name]
    return value === undefined ? [] : (checks[name]?.(value, name) ?? [])
  })
  const ofParams = template === null ? [] : paramProblems(options['params'], template?.names ?? [])
  return [unknownNames(options), ofValues, ofParams, conflicts(options)].flat()
}

/** A value that cannot be a credential. */
export function shown(value: unknown): string {
  return (typeof value === 'object' && value !== null) || typeof value === 'function' ? kindOf(value) : showValue(value)
}

const checks: Readonly<Record<string, Check>> = {
  json: checkJson,
  form: checkFields,
  body: checkBody,
  multipart: checkMultipart,
  compress: unless(isCompression, "'gzip', 'deflate', 'br' or 'zstd'", shown),
  query: checkFields,
  params: unless(isRecord, "an object with a value for each ':name' of the path", kindOf),
  headers: checkHeaders,
  bearer: checkBearer,
  basic: unless(
    isBasic,
    'an object with username and password, both of them texts, and no colon in the username',
    kindOf,
  ),
  timeout: checkTimeout,
  redirect: unless(isRedirectMode, "'follow', 'manual' or 'error'", shown),
  maxResponseBytes: unless(isByteLimit, 'a whole number of bytes above zero', shown),
  discardBody: unless(isSwitch, 'true or false', shown),
  traceparent: unless(isSwitch, 'true or false', shown),
  name: unless(isName, 'a text that is not empty', shown),
  tags: unless(
    areTags,
    "up to 10 names of at most 40 characters, each with a text of 1 to 100, such as { tenant: 'gold' }",
    kindOf,
  ),
  retry: checkRetry,
}

function checkRetry(value: unknown): Line[] {
  return retryProblems(value).map(({ path, expected, received }) => {
    const place = path === '' ? 'retry' : `retry.${shortName(path)}`
    return () =>
      expected === undefined
        ? `${place}: ${unknownOption(shortName(path), retryOptionNames)}`
        : `${place}: expected ${expected}; received ${shown(received)}`
  })
}

function unless(isUsable: (value: unknown) => boolean, expected: string, tell: (value: unknown) => string): Check {
  return (value, option) => (isUsable(value) ? [] : [() => `${option}: expected ${expected}; received ${tell(value)}`])
}

function checkTimeout(value: unknown, option: string): Line[] {
  if (!isRecord(value)) return checkDuration(value, option)
  return Object.entries(value).flatMap(([name, member]) => {
    if (!timeoutNames.includes(name))
      return [() => `${option}.${shortName(name)}: ${unknownOption(shortName(name), timeoutNames)}`]
    return member === undefined ? [] : checkDuration(member, `${option}.${name}`)
  })
}

const checkDuration = unless(
  (value) => timeoutMsOf(value as Duration) !== undefined,
  "a duration such as '250ms' or '30s', above zero and at most '596h'",
  shown,
)

/** What is called so elsewhere. */
const advice: Readonly<Record<string, string>> = {
  auth: 'use bearer or basic',
  cookie: 'send it as a header, by the option headers',
  cookies: 'send them as the header cookie, by the option headers',
  data: 'use json, form or body',
  method: 'use http.request()',
  files: 'use multipart',
  retries: "did you mean 'retry'?",
  searchParams: "did you mean 'query'?",
  signal: 'use timeout',
}

function unknownNames(options: Readonly<Record<string, unknown>>): Line[] {
  const problems: Line[] = []
  const strange: string[] = []
  for (const name in options) {
    if (optionNames.has(name)) continue
    const known = Object.hasOwn(advice, name) ? advice[name] : undefined
    const isOneOfMany = problems.length + strange.length > maxProblems
    const nearest = isOneOfMany ? undefined : nearestName(shortName(name), [...optionNames])
    if (known !== undefined) problems.push(() => `${name}: unknown option; ${known}`)
    else if (nearest !== undefined)
      problems.push(() => `${shortName(name)}: unknown option; did you mean '${nearest}'?`)
    else strange.push(name)
  }
  if (strange.length === 0) return problems
  const noun = strange.length === 1 ? 'unknown option' : 'unknown options'
  const shownNames = strange.slice(0, 5).map(shortName).join(', ')
  const names = strange.length > 5 ? `${shownNames} and ${strange.length - 5} more` : shownNames
  return [...problems, () => `${names}: ${noun}; known are ${[...optionNames].join(', ')}`]
}

function conflicts(options: Readonly<Record<string, unknown>>): Line[] {
  const has = (name: string): boolean => options[name] !== undefined
  const problems: Line[] = []
  const bodies = ['json', 'form', 'body', 'multipart'].filter(has)
  const credentials = ['bearer', 'basic'].filter(has)
  if (hasAuthorization(options['headers'])) credentials.unshift('an authorization header')
  if (bodies.length > 1) problems.push(() => `${bodies.join(', ')}: they exclude each other; give one of them`)
  if (credentials.length > 1)
    problems.push(() => `${credentials.join(', ')}: they exclude each other; give one of them`)
  return [...problems, ...bodyConflicts(options)]
}

function hasAuthorization(headers: unknown): boolean {
  if (!isRecord(headers)) return false
  return Object.entries(headers).some(([name, value]) => value !== undefined && name.toLowerCase() === 'authorization')
}

function checkJson(value: unknown): Line[] {
  let reason = kindOf(value)
  try {
    const text: unknown = JSON.stringify(value)
    if (typeof text === 'string') return []
  } catch (thrown) {
    if (thrown instanceof Error) reason += ` (${printable(thrown.message.split('\n', 1)[0] ?? '', 100)})`
  }
  return [() => `json: expected what can be written as JSON; received ${reason}`]
}

function checkFields(fields: unknown, option: string): Line[] {
  if (fields instanceof URLSearchParams) return []
  if (!isRecord(fields)) {
    return [() => `${option}: expected an object or URLSearchParams; received ${kindOf(fields)}${fieldsAdvice(fields)}`]
  }
  const problems: Line[] = []
  for (const name in fields) {
    const value = fields[name]
    if (value === undefined) continue
    const place = (): string => `${option}.${shortName(name)}`
    if (!name.isWellFormed()) problems.push(() => `${place()}: ${brokenText}`)
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (!isFieldItem(item)) {
        const kind = (): string => `${kindOf(item)}${Array.isArray(value) ? ' in an array' : ''}`
        problems.push(() => `${place()}: expected a text, number or boolean, or an array of them; received ${kind()}`)
      } else if (typeof item === 'string' && !item.isWellFormed()) problems.push(() => `${place()}: ${brokenText}`)
    }
  }
  return problems
}

function fieldsAdvice(fields: unknown): string {
  if (typeof fields === 'string') return '; write new URLSearchParams(text)'
  if (fields instanceof Map || fields instanceof FormData) return '; write new URLSearchParams([...fields])'
  return ''
}

/** Its characters would be those of another header, or of none (RFC 9110, 5.5). */
const unusableInHeader = /[^\t\u0020-\u007e\u0080-\u00ff]/

function checkBearer(value: unknown): Line[] {
  if (!isBearer(value)) return [() => `bearer: expected a text that is not empty; received ${kindOf(value)}`]
  return unusableInHeader.test(value) ? [() => `bearer: ${strangeCharacter(value)}`] : []
}

function checkHeaders(headers: unknown): Line[] {
  if (!isRecord(headers)) {
    const isPairs = typeof headers === 'object' && headers !== null && Symbol.iterator in headers
    const write = isPairs ? '; write Object.fromEntries(headers)' : ''
    return [() => `headers: expected an object such as { accept: 'text/html' }; received ${kindOf(headers)}${write}`]
  }
  const problems: Line[] = []
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined) continue
    // What is no name may be a whole header, with its value.
    if (!isToken(name)) problems.push(() => 'headers: expected names of letters, digits and hyphens; received another')
    else if (!isHeaderValue(value)) {
      problems.push(() => `headers.${shortName(name)}: expected a text or a number; received ${kindOf(value)}`)
    } else if (typeof value === 'string' && unusableInHeader.test(value)) {
      problems.push(() => `headers.${shortName(name)}: ${strangeCharacter(value)}`)
    } else if (name.toLowerCase() === 'expect') {
      problems.push(() => `headers.${shortName(name)}: this header cannot be sent; leave it out`)
    }
  }
  return problems
}

function strangeCharacter(value: string): string {
  const code = unusableInHeader.exec(value)?.[0].charCodeAt(0) ?? 0
  const character =
    code === 10 || code === 13 ? 'a line break' : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  return `expected characters that a header may have; received one with ${character}`
}

function paramProblems(params: unknown, names: readonly string[]): Line[] {
  if (params !== undefined && !isRecord(params)) return []
  const given = params ?? {}
  const problems: Line[] = []
  for (const name of new Set(names)) {
    const value = given[name]
    const place = `params.${name}: expected a text or a number for ':${name}' of the path`
    if (value === undefined) problems.push(() => `${place}; it is missing`)
    else if (!isParam(value))
      problems.push(() => `${place}; received ${isSecretName(name) ? kindOf(value) : shown(value)}`)
    else if (typeof value === 'string' && !value.isWellFormed()) problems.push(() => `params.${name}: ${brokenText}`)
  }
  const places = names.length === 0 ? 'it has none' : `it has :${[...new Set(names)].join(', :')}`
  for (const name in given) {
    if (given[name] === undefined || names.includes(name)) continue
    problems.push(() => `params.${shortName(name)}: the path has no ':${shortName(name)}'; ${places}`)
  }
  return problems
}
