import * as z from 'zod'
import { expectedDuration, parseDuration } from '../shared/durations.ts'
import { parseRate, parseRatio, type Rate } from '../shared/rates.ts'
import { showValue, unknownOption } from '../shared/text.ts'

/** Names that are no option here, with what to say of each. */
export type OptionsElsewhere = Readonly<Record<string, string>>

/**
 * Runs a schema and returns its output with every problem as a line for the user; the output is absent then. `taken` are
 * names that others have taken out of the options, and that a misspelt one may be meant to be; `elsewhere` are those of
 * other options.
 */
export function checkOptions<T>(
  schema: z.ZodType<T>,
  value: unknown,
  path: string,
  taken: readonly string[] = [],
  elsewhere: OptionsElsewhere = {},
): { value: T | undefined; problems: string[] } {
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return { value: result.data, problems: [] }
  const problems = result.error.issues.flatMap((issue) => describeIssue(issue, schema, path, { taken, elsewhere }))
  // What is of another type fails the check of its length as well.
  return { value: undefined, problems: [...new Set(problems)] }
}

interface OtherNames {
  readonly taken: readonly string[]
  readonly elsewhere: OptionsElsewhere
}

const noOthers: OtherNames = { taken: [], elsewhere: {} }

function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType, path: string, others: OtherNames): string[] {
  const place = [path, ...issue.path.map(String)].filter((part) => part !== '').join('.')
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path)
    return issue.keys.map((key) => describeUnknownKey(place, key, known, issue.path.length === 0 ? others : noOthers))
  }
  const params = issue.code === 'custom' ? (issue.params as IssueParams | undefined) : undefined
  if (params?.known !== undefined) return [`${place}: ${unknownOption(String(issue.path.at(-1)), params.known)}`]
  const received = params?.received ?? showValue(issue.input)
  return [`${place === '' ? 'options' : place}: ${messageOf(issue)}${received === '' ? '' : `; received ${received}`}`]
}

/** What an issue of a schema that looks at values by itself may say in its `params`. */
export interface IssueParams {
  /** Names of options, of which the issue's place is none. */
  readonly known?: readonly string[]
  /** In place of the value: what was received in words, or nothing where the message has it. */
  readonly received?: string
}

/** Zod names types; a reader wants a word. */
const typeWords = new Map([
  ['array', 'an array'],
  ['object', 'an object'],
  ['record', 'an object'],
  ['string', 'a text'],
])

function messageOf(issue: z.core.$ZodIssue): string {
  const type = /^Invalid input: expected (\w+), received /.exec(issue.message)?.[1]
  return type === undefined ? issue.message : `expected ${typeWords.get(type) ?? type}`
}

function describeUnknownKey(place: string, key: string, known: readonly string[], others: OtherNames): string {
  const { taken, elsewhere } = others
  const advice = Object.hasOwn(elsewhere, key)
    ? `unknown option here; ${elsewhere[key]}`
    : unknownOption(key, known, taken)
  return `${place === '' ? '' : `${place}.`}${key}: ${advice}`
}

function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let current: unknown = schema
  for (const key of path) {
    current = unwrap(current)
    if (current instanceof z.ZodArray) current = current.element
    else current = current instanceof z.ZodObject ? current.shape[String(key)] : undefined
  }
  current = unwrap(current)
  return current instanceof z.ZodObject ? Object.keys(current.shape) : []
}

function unwrap(schema: unknown): unknown {
  if (schema instanceof z.ZodPipe) {
    const input = unwrap(schema.in)
    return input instanceof z.ZodObject ? input : unwrap(schema.out)
  }
  return schema instanceof z.ZodOptional || schema instanceof z.ZodReadonly ? unwrap(schema.unwrap()) : schema
}

/** A schema that turns what `parse` accepts into its result and reports what it throws or refuses as a problem. */
export function parsed(
  expected: (refused: unknown) => string,
  parse: (input: never) => number,
  refuse: (value: number) => string | undefined = () => undefined,
): z.ZodType<number> {
  return z.unknown().transform((input, context) => {
    let problem: string | undefined
    try {
      const value = parse(input as never)
      problem = refuse(value)
      if (problem === undefined) return value
    } catch {
      // What the parser says is put as what was expected.
    }
    context.addIssue({ code: 'custom', message: `expected ${problem ?? expected(input)}`, input })
    return z.NEVER
  })
}

/** Milliseconds from a duration. */
export const durationMs: z.ZodType<number> = parsed(expectedDuration, parseDuration)

/** Milliseconds from a duration that must not be zero. */
export const positiveDurationMs: z.ZodType<number> = parsed(expectedDuration, parseDuration, (ms) =>
  ms === 0 ? 'a duration above zero' : undefined,
)

/** Microseconds from a duration above zero: a limit on a latency. */
export const latencyUs: z.ZodType<number> = positiveDurationMs.transform((ms) => ms * 1000)

/** Numbers per second from a rate of at least `lowest` and at most `highest`; a number is one per `unitMs`. */
export function ratePerSecond(unitMs: number, highest: number, lowest: 'zero' | 'above zero'): z.ZodType<number> {
  return parsed(
    () => "a rate such as '500/s', '90/m' or a number per second, not negative",
    (rate: Rate) => (typeof rate === 'number' ? (parseRate(rate) * 1000) / unitMs : parseRate(rate)),
    (rate) => {
      if (rate > highest) return `a rate of at most '${highest.toLocaleString('en')}/s'`
      return rate === 0 && lowest === 'above zero' ? 'a rate above zero' : undefined
    },
  )
}

const highestScale = 10_000

/** What a load is multiplied by: a number above zero, or a percentage. */
export const scaleFactor: z.ZodType<number> = parsed(
  () => "a number above zero such as 0.5, or a percentage such as '50%'",
  (scale: string | number) => {
    const match = typeof scale === 'string' ? /^(\d+(?:\.\d+)?)%$/.exec(scale) : null
    const factor = typeof scale === 'number' ? scale : Number(match?.[1]) / 100
    if (factor > 0) return factor
    throw new RangeError('no scale')
  },
  (factor) => (factor > highestScale ? `a scale of at most ${highestScale.toLocaleString('en')}` : undefined),
)

/** A ratio from 0 to 1 without the end where a strict limit could never be met, or `false`. */
export function ratioBut(impossible: 0 | 1, advice: string): z.ZodType<number | false> {
  const expected = (): string => "a ratio such as '1%', or false"
  return orFalse(parsed(expected, parseRatio, (ratio) => (ratio === impossible ? advice : undefined)))
}

/** What `schema` takes, or `false`. With `advice`, that is what was expected where it takes neither. */
export function orFalse(schema: z.ZodType<number>, advice?: string): z.ZodType<number | false> {
  // Not a union, which would tell of two problems.
  return z.unknown().transform((input, context): number | false => {
    if (input === false) return false
    const { data, error } = schema.safeParse(input)
    for (const issue of error?.issues ?? []) {
      const message = advice === undefined ? issue.message : `expected ${advice}`
      context.addIssue({ code: 'custom', message, input })
    }
    return data ?? z.NEVER
  })
}

/** A whole number from 1, or from 0, up to a bound. */
export function wholeNumber(highest: number, lowest: 0 | 1 = 1): z.ZodType<number> {
  const expected = `expected a whole number from ${lowest} to ${highest.toLocaleString('en')}`
  return z.number(expected).int(expected).min(lowest, expected).max(highest, expected)
}
