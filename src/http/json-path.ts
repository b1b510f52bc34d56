import type { StandardSchemaV1 } from '@standard-schema/spec'
import { messageOf } from '../shared/errors.ts'
import { extractionError, unusableError, type Answer } from './extraction.ts'
import { isRecord } from './request-checks.ts'
import { kindOf, shown } from './request-problems.ts'
import { isSchema, parseJson, validate } from './response-json.ts'

/** How a JSONPath is evaluated. */
export interface JsonPathOptions {
  /**
   * Allows filters and scripts in the path: `$.items[?(@.price > 6)]`. They are run by an interpreter of their own that
   * has no access to anything but the answer; without it a path can only name what it finds.
   *
   * @default false
   */
  readonly filters?: boolean | undefined
}

type Keys = readonly (string | number)[]

/** Names and positions only (`$.items[0]['first name']`): walked here, a tenth of the library's cost. */
const plainPath = /^\$(?:\.[A-Za-z_$][\w$-]*|\[\d+\]|\['[^'\\]*'\]|\["[^"\\]*"\])*$/
const plainKey = /\.([A-Za-z_$][\w$-]*)|\[(\d+)\]|\['([^'\\]*)'\]|\["([^"\\]*)"\]/g

const maxCompiled = 1000
const compiled = new Map<string, Keys | undefined>()
let evaluated = 0

/**
 * Reads an answer by a JSONPath, and has what it finds checked by a schema where there is one. `given` are the arguments
 * that follow the path: a schema, options, or both.
 */
export async function readJsonPath(
  answer: Answer,
  path: string,
  given: StandardSchemaV1 | JsonPathOptions | undefined,
  more: JsonPathOptions | undefined,
): Promise<unknown> {
  const schema = isSchema(given) ? given : undefined
  const filters = allowsFilters(answer, schema === undefined && given !== undefined ? given : more)
  const keys = keysOf(path)
  let value: unknown
  if (keys === undefined) value = await evaluateByLibrary(answer, path, filters)
  else value = walk(parseJson(answer), keys, path, answer)
  return schema === undefined ? value : validate(value, schema, answer, ` at ${path}`)
}

function allowsFilters(answer: Answer, options: unknown): boolean {
  if (options === undefined) return false
  const known = isRecord(options) && Object.keys(options).every((key) => key === 'filters')
  const filters = known ? options['filters'] : null
  if (filters === undefined || typeof filters === 'boolean') return filters === true
  throw unusableError(
    answer,
    `.jsonPath() takes a path, then a schema, { filters: true } or both; received ${kindOf(options)}`,
  )
}

/** The names and positions of a plain path; of another, `undefined`. */
function keysOf(path: string): Keys | undefined {
  let keys = compiled.get(path)
  if (keys === undefined && !compiled.has(path)) {
    keys = compile(path)
    if (compiled.size < maxCompiled) compiled.set(path, keys)
  }
  return keys
}

function compile(path: string): Keys | undefined {
  if (!plainPath.test(path)) return undefined
  return Array.from(path.matchAll(plainKey), (match) => {
    const position = match[2]
    return position === undefined ? (match[1] ?? match[3] ?? match[4] ?? '') : Number(position)
  })
}

function walk(root: unknown, keys: Keys, path: string, answer: Answer): unknown {
  let value = root
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key))
      throw extractionError(answer, `has no value at ${path} in its answer`)
    value = (value as Record<string | number, unknown>)[key]
  }
  return value
}

/** Loaded on first use: most specs need no more than plain paths. */
async function evaluateByLibrary(answer: Answer, path: string, filters: boolean): Promise<unknown> {
  checkPath(answer, path)
  const { JSONPath } = await import('jsonpath-plus')
  evaluated += 1
  // It keeps every path it has seen, and a path may hold an id.
  if (evaluated % maxCompiled === 0) JSONPath.clearCache()
  if (!filters) refuseFilters(answer, path, JSONPath.toPathArray(path))
  const json = parseJson(answer)
  // It makes nothing of `true` and of text.
  if (typeof json !== 'object' || json === null) return []
  try {
    // Its own interpreter: 'native' would be eval.
    const found: unknown = JSONPath({ path, json, eval: filters ? 'safe' : false })
    return found
  } catch (thrown) {
    const why = (messageOf(thrown).split('\n', 1)[0] ?? '').replace(/\.$/, '')
    // Its parser tells where in the filter it has stopped; what an answer makes of a filter has no such place.
    if (thrown instanceof Error && 'index' in thrown)
      throw unusableError(answer, `.jsonPath() takes a path; ${shown(path)} has a filter that is none (${why})`)
    throw extractionError(answer, `could not be searched for ${path}`, `jsonpath-plus says: ${why}`)
  }
}

function checkPath(answer: Answer, path: unknown): void {
  if (typeof path !== 'string' || !path.startsWith('$'))
    throw unusableError(
      answer,
      `.jsonPath() takes a path that starts with $, such as '$.items[0].id'; received ${shown(path)}`,
    )
  if (!isClosed(path))
    throw unusableError(answer, `.jsonPath() takes a path whose brackets are closed; received ${shown(path)}`)
}

/** The library takes `$.items[` for `$.items`. */
function isClosed(path: string): boolean {
  const bare = path.replaceAll(/'[^']*'|"[^"]*"/g, '')
  return bare.split('[').length === bare.split(']').length && bare.split('(').length === bare.split(')').length
}

/** Found in the path, not by the library, which would tell only where an answer has something to filter. */
function refuseFilters(answer: Answer, path: string, parts: readonly string[]): void {
  if (!parts.some((part) => /^\??\(/.test(part))) return
  throw unusableError(
    answer,
    `.jsonPath() runs no filters and scripts unless told to. Write .jsonPath(${JSON.stringify(path)}, { filters: true })`,
  )
}
