import { isParam, isRecord, UnusableOptions } from './request-checks.ts'

/** A value that fills a place in a URL's path; it is percent-encoded. */
export type ParamValue = string | number

type Letter =
  | 'a'
  | 'b'
  | 'c'
  | 'd'
  | 'e'
  | 'f'
  | 'g'
  | 'h'
  | 'i'
  | 'j'
  | 'k'
  | 'l'
  | 'm'
  | 'n'
  | 'o'
  | 'p'
  | 'q'
  | 'r'
  | 's'
  | 't'
  | 'u'
  | 'v'
  | 'w'
  | 'x'
  | 'y'
  | 'z'
type NameCharacter = Letter | Uppercase<Letter> | '_' | '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9'

type TakeName<Text extends string, Name extends string = ''> = Text extends `${infer First}${infer Rest}`
  ? First extends NameCharacter
    ? TakeName<Rest, `${Name}${First}`>
    : Name
  : Name

type PathOf<Url extends string> = Url extends `${infer Path}?${string}` ? Path : Url

type NamesIn<Path extends string> = Path extends `${string}/:${infer Rest}`
  ? Exclude<TakeName<Rest>, ''> | NamesIn<Rest>
  : never

/** Names of the places in a URL: `'id'` for `'/products/:id'`. A port is not one: a place follows a slash. */
export type PathParamNames<Url extends string> = NamesIn<PathOf<Url>>

const place = /\/:(\w+)/g

/** A path with places to fill: texts between them, and their names. */
export interface PathTemplate {
  /** One more than there are names. */
  readonly texts: readonly string[]
  readonly names: readonly string[]
}

/** Finds the places in a path; `undefined` when there are none. */
export function parseTemplate(path: string): PathTemplate | undefined {
  const texts: string[] = []
  const names: string[] = []
  let end = 0
  for (const match of path.matchAll(place)) {
    texts.push(path.slice(end, match.index + 1))
    names.push(match[1] ?? '')
    end = match.index + match[0].length
  }
  if (names.length === 0) return undefined
  return { texts: [...texts, path.slice(end)], names }
}

/**
 * Fills the places of a path.
 *
 * @throws {UnusableOptions} when a value is missing or cannot be used, or there is no place for it.
 */
export function fillTemplate(template: PathTemplate, params: Readonly<Record<string, unknown>> | undefined): string {
  for (const key in params) if (!template.names.includes(key)) checkUndefined(params[key])
  let path = template.texts[0] ?? ''
  for (let index = 0; index < template.names.length; index++) {
    const value = params?.[template.names[index] ?? '']
    if (!isParam(value)) throw new UnusableOptions()
    path += typeof value === 'number' ? value : encodeURIComponent(value)
    path += template.texts[index + 1] ?? ''
  }
  return path
}

/** @throws {UnusableOptions} when there are params, for a path without places. */
export function refuseParams(params: unknown): void {
  if (params === undefined) return
  if (!isRecord(params)) throw new UnusableOptions()
  for (const key in params) checkUndefined(params[key])
}

function checkUndefined(value: unknown): void {
  if (value !== undefined) throw new UnusableOptions()
}
