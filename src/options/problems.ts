import * as z from 'zod'
import { parseDuration } from '../shared/durations.ts'
import { parseRatio } from '../shared/rates.ts'
import { nearestName, showValue } from '../shared/text.ts'

/** Runs a schema and returns its output with every problem as a line for the user; the output is absent then. */
export function checkOptions<T>(
  schema: z.ZodType<T>,
  value: unknown,
  path: string,
): { value: T | undefined; problems: string[] } {
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return { value: result.data, problems: [] }
  return { value: undefined, problems: result.error.issues.flatMap((issue) => describeIssue(issue, schema, path)) }
}

function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType, path: string): string[] {
  const place = [path, ...issue.path.map(String)].filter((part) => part !== '').join('.')
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path)
    return issue.keys.map((key) => describeUnknownKey(place, key, known))
  }
  const message =
    issue.code === 'invalid_type'
      ? issue.message.replace(/^Invalid input: (expected \w+), received .*$/, '$1')
      : issue.message
  return [`${place === '' ? 'options' : place}: ${message}; received ${showValue(issue.input)}`]
}

function describeUnknownKey(place: string, key: string, known: readonly string[]): string {
  const nearest = nearestName(key, known)
  const advice = nearest === undefined ? `known are ${known.join(', ')}` : `did you mean '${nearest}'?`
  return `${place === '' ? '' : `${place}.`}${key}: unknown option; ${advice}`
}

function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let current: unknown = schema
  for (const key of path) {
    current = unwrap(current)
    current = current instanceof z.ZodObject ? current.shape[String(key)] : undefined
  }
  current = unwrap(current)
  return current instanceof z.ZodObject ? Object.keys(current.shape) : []
}

function unwrap(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema
}

/** A schema that turns what `parse` accepts into its result and reports what it throws as a problem. */
function parsed(expected: string, parse: (input: never) => number): z.ZodType<number> {
  return z.unknown().transform((input, context) => {
    try {
      return parse(input as never)
    } catch {
      context.addIssue({ code: 'custom', message: `expected ${expected}`, input })
      return z.NEVER
    }
  })
}

/** Milliseconds from a duration. */
export const durationMs: z.ZodType<number> = parsed(
  "a duration such as '250ms', '30s', '1m30s' or a number of milliseconds, not negative",
  parseDuration,
)

/** Milliseconds from a duration that must not be zero. */
export const positiveDurationMs: z.ZodType<number> = durationMs.refine((ms) => ms > 0, 'expected a duration above zero')

/** A ratio from 0 to 1. */
export const ratio: z.ZodType<number> = parsed("a number from 0 to 1 or a percentage such as '1%'", parseRatio)

/** A whole number from 1 up to a bound. */
export function wholeNumber(highest: number): z.ZodType<number> {
  const expected = `expected a whole number from 1 to ${highest.toLocaleString('en')}`
  return z.number(expected).int(expected).min(1, expected).max(highest, expected)
}
