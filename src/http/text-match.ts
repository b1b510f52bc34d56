import { types } from 'node:util'
import { messageOf } from '../shared/errors.ts'
import { extractionError, textOf, unusableError, type Answer } from './extraction.ts'
import { shown } from './request-problems.ts'

/**
 * What `.match()` has found, as `String.match()` gives it: the whole match, then the captures, `undefined` where one did
 * not take part. Named groups always did: a match in which one did not is an `extraction` error.
 */
export interface TextMatch<Groups extends string = string> extends ReadonlyArray<string | undefined> {
  /** The whole match. */
  readonly 0: string
  /** Where in the text it starts. */
  readonly index: number
  /** The text that was searched. */
  readonly input: string
  /** The named groups. */
  readonly groups: { readonly [Name in Groups]: string }
}

/** A pattern without its escaped characters, of which `\(` is no group. */
type WithoutEscapes<Pattern extends string, Done extends string = ''> = Pattern extends `${infer Before}\\${infer Rest}`
  ? Rest extends `${infer _Escaped}${infer After}`
    ? WithoutEscapes<After, `${Done}${Before}`>
    : `${Done}${Before}`
  : `${Done}${Pattern}`

/** A pattern without its classes: `[(?<]` is no group. */
type WithoutClasses<
  Pattern extends string,
  Done extends string = '',
> = Pattern extends `${infer Before}[${string}]${infer After}`
  ? WithoutClasses<After, `${Done}${Before}`>
  : `${Done}${Pattern}`

type NamesIn<Pattern extends string, Names extends string = never> = Pattern extends `${string}(?<${infer Rest}`
  ? Rest extends `${'=' | '!'}${infer After}`
    ? NamesIn<After, Names>
    : Rest extends `${infer Name}>${infer After}`
      ? NamesIn<After, Names | Name>
      : Names
  : Names

/** The names of the groups in a pattern that is known to the compiler; of another, any. */
export type GroupsOf<Pattern extends string> = string extends Pattern
  ? string
  : NamesIn<WithoutClasses<WithoutEscapes<Pattern>>>

const maxCompiled = 1000
const compiled = new Map<string, RegExp>()

/** The first match of a pattern in the text of an answer. */
export function matchText(answer: Answer, pattern: string | RegExp): TextMatch {
  const regex = toRegExp(answer, pattern)
  const found = execute(regex, textOf(answer))
  if (found === null) throw extractionError(answer, `has no match of ${String(regex)} in its answer`)
  const groups = found.groups ?? {}
  for (const [group, value] of Object.entries<string | undefined>(groups)) {
    if (value !== undefined) continue
    const what = `has a match of ${String(regex)} in its answer without the group '${group}'`
    throw extractionError(answer, what, 'Give a group that may be absent no name, or match text() yourself')
  }
  return Object.assign(found, { groups })
}

function toRegExp(answer: Answer, pattern: unknown): RegExp {
  if (types.isRegExp(pattern)) return pattern
  if (typeof pattern !== 'string' || pattern === '')
    throw unusableError(answer, `.match() takes a regular expression or the text of one; received ${shown(pattern)}`)
  const known = compiled.get(pattern)
  if (known !== undefined) return known
  try {
    const regex = new RegExp(pattern)
    if (compiled.size < maxCompiled) compiled.set(pattern, regex)
    return regex
  } catch (thrown) {
    throw unusableError(answer, `.match() takes a regular expression; ${messageOf(thrown)}`)
  }
}

/**
 * `RegExp.exec` from the start of a text. With the flags `g` and `y` a regular expression remembers where it stopped: it
 * is shared by all virtual users.
 */
export function execute(regex: RegExp, text: string): RegExpExecArray | null {
  if (!regex.global && !regex.sticky) return regex.exec(text)
  const { lastIndex } = regex
  regex.lastIndex = 0
  try {
    return regex.exec(text)
  } finally {
    regex.lastIndex = lastIndex
  }
}
