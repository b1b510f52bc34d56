import type { StandardSchemaV1 } from '@standard-schema/spec'
import { LoadError } from '../shared/errors.ts'
import { showValue } from '../shared/text.ts'

/** What is wrong with the option `schema`. */
export function findSchemaProblems(schema: unknown): string[] {
  if (schema === undefined || isSchema(schema)) return []
  return [`schema: expected a schema (zod, valibot, arktype…); received ${showValue(schema)}`]
}

function isSchema(value: unknown): value is StandardSchemaV1 {
  const standard = (value as Partial<StandardSchemaV1> | null)?.['~standard']
  return typeof standard?.validate === 'function'
}

/** Why a row does not fit, a sentence for each reason; none where it does. */
export function describeIssues(result: StandardSchemaV1.Result<unknown>): readonly string[] {
  return (result.issues ?? []).map(({ message, path = [] }) => {
    const keys = path.map((segment) => String(typeof segment === 'object' ? segment.key : segment))
    return keys.length === 0 ? message : `${keys.join('.')}: ${message}`
  })
}

/** What a schema makes of a row that has been checked before the load. */
export function parseRow(what: string, schema: StandardSchemaV1, row: unknown): unknown {
  const result = schema['~standard'].validate(row)
  return result instanceof Promise ? result.then((settled) => outputOf(what, settled)) : outputOf(what, result)
}

function outputOf(what: string, result: StandardSchemaV1.Result<unknown>): unknown {
  if (result.issues === undefined) return result.value
  throw new LoadError(
    'ERR_LOAD_DATA',
    `${what}: a row that fitted its schema before the load no longer does. A schema must not depend on time or chance.`,
  )
}

/** The texts in a row, and its numbers as texts: what no message may show. */
export function valuesIn(row: unknown): string[] {
  if (typeof row === 'string') return [row]
  if (typeof row === 'number') return [String(row)]
  return typeof row === 'object' && row !== null ? Object.values(row).flatMap(valuesIn) : []
}
