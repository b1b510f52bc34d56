import { CategorisedError, LoadError } from '../shared/errors.ts'

type Keys = readonly (string | number)[]

/** Names and positions only (`$.items[0]['first name']`): walked here, a tenth of the library's cost. */
const plainPath = /^\$(?:\.[A-Za-z_$][\w$-]*|\[\d+\]|\['[^'\\]*'\]|\["[^"\\]*"\])*$/
const plainKey = /\.([A-Za-z_$][\w$-]*)|\[(\d+)\]|\['([^'\\]*)'\]|\["([^"\\]*)"\]/g

const maxCompiled = 1000
const compiled = new Map<string, Keys | undefined>()

/**
 * Evaluates a JSONPath. Paths of names and positions have one value, and it must be there; all others give an array.
 *
 * @throws {LoadError} `ERR_LOAD_EXTRACTION` when there is no such value.
 */
export function evaluateJsonPath(value: unknown, path: string, name: string): unknown {
  let keys = compiled.get(path)
  if (keys === undefined && !compiled.has(path)) {
    keys = compile(path)
    if (compiled.size < maxCompiled) compiled.set(path, keys)
  }
  return keys === undefined ? evaluateByLibrary(value, path, name) : walk(value, keys, path, name)
}

function compile(path: string): Keys | undefined {
  if (!plainPath.test(path)) return undefined
  return Array.from(path.matchAll(plainKey), (match) => {
    const position = match[2]
    return position === undefined ? (match[1] ?? match[3] ?? match[4] ?? '') : Number(position)
  })
}

function walk(root: unknown, keys: Keys, path: string, name: string): unknown {
  let value = root
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
      throw new CategorisedError('ERR_LOAD_EXTRACTION', 'extraction', `${name} has no value at ${path} in its answer.`)
    }
    value = (value as Record<string | number, unknown>)[key]
  }
  return value
}

/** Loaded on first use: most specs need no more than plain paths. */
async function evaluateByLibrary(value: unknown, path: string, name: string): Promise<unknown> {
  const { JSONPath } = await import('jsonpath-plus')
  try {
    // Filters are run by the library's own interpreter: 'native' would be eval.
    const found: unknown = JSONPath({ path, json: value as object, eval: 'safe' })
    return found
  } catch (thrown) {
    throw new LoadError('ERR_LOAD_EXTRACTION', `${name}: not a JSONPath that can be evaluated: ${path}.`, {
      cause: thrown,
    })
  }
}
