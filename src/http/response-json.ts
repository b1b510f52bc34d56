import type { StandardSchemaV1 } from '@standard-schema/spec'
import { CategorisedError, type FailureRow } from '../shared/errors.ts'
import { printable } from '../shared/text.ts'
import { excerptOf } from './excerpt.ts'
import { bytesOf, extractionError, textOf, unusableError, type Answer } from './extraction.ts'
import { kindOf } from './request-problems.ts'

const shownIssues = 3

/** @throws {LoadError} `ERR_LOAD_EXTRACTION` when the body is not JSON. */
export function parseJson(answer: Answer): unknown {
  try {
    return JSON.parse(textOf(answer))
  } catch {
    // The parser's own message quotes the body, which may hold credentials.
    const { length } = bytesOf(answer)
    const detail = length === 0 ? 'The body is empty' : `The body (${length} bytes) cannot be parsed`
    throw extractionError(answer, 'did not answer with JSON', detail)
  }
}

/**
 * @throws {LoadError} `ERR_LOAD_SCHEMA` when the value does not fit.
 * @throws {LoadError} `ERR_LOAD_OPTIONS` when the schema is none.
 */
export function validate(value: unknown, schema: StandardSchemaV1, answer: Answer, at: string = ''): unknown {
  if (!isSchema(schema)) {
    throw unusableError(
      answer,
      `.json() takes a schema (zod, valibot, arktype…), received ${kindOf(schema)}. Call it without one for the bare value`,
    )
  }
  const result = schema['~standard'].validate(value)
  return result instanceof Promise ? result.then((settled) => unwrap(settled, answer, at)) : unwrap(result, answer, at)
}

/** Whether it is a Standard Schema; some libraries' are functions. */
export function isSchema(schema: unknown): schema is StandardSchemaV1 {
  const standard = (schema as Partial<StandardSchemaV1> | null)?.['~standard']
  return typeof standard?.validate === 'function'
}

function unwrap(result: StandardSchemaV1.Result<unknown>, answer: Answer, at: string): unknown {
  if (result.issues === undefined) return result.value
  const known = [...answer.secrets()]
  const shown = result.issues
    .slice(0, shownIssues)
    .map((issue) => `${pathOf(issue)}${printable(issue.message, undefined, known)}`)
  const rest = result.issues.length - shown.length
  const problems = `${shown.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`
  const message = `${answer.label} answered with JSON that does not fit its schema${at}: ${problems}.`
  const row: FailureRow = {
    message,
    // Read for the first of a row only.
    get excerpt() {
      return excerptOf(answer.shownBody(), answer.headers, known)
    },
  }
  throw new CategorisedError('ERR_LOAD_SCHEMA', 'schema', message, { row })
}

/** Positions in arrays are left out: the message is the same for every element, so that equal failures count as one. */
function pathOf(issue: StandardSchemaV1.Issue): string {
  if (issue.path === undefined || issue.path.length === 0) return ''
  const path = issue.path.map((segment) => {
    const key = typeof segment === 'object' ? segment.key : segment
    return typeof key === 'number' ? '[]' : `.${String(key)}`
  })
  return `${path.join('').replace(/^\./, '')}: `
}
