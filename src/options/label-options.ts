import * as z from 'zod'
import { errorCategories, type ErrorCategory } from '../shared/error-category.ts'
import { throwProblems } from '../shared/errors.ts'
import { nearestName, showValue } from '../shared/text.ts'
import type { SloAggregate, SloLabels } from '../slo/model.ts'
import { checkOptions } from './problems.ts'

/** Labels that the requests of an objective must have: all that are given. */
export interface RequestLabelFilter {
  /** Method of the request: `'GET'`. */
  readonly method?: string
  /**
   * A class of statuses, `'5xx'`, or one status, `404`. Latency and throughput are of the requests that were answered so;
   * an error rate is the part of all requests that failed so.
   */
  readonly status?: '1xx' | '2xx' | '3xx' | '4xx' | '5xx' | number
  /** Category of the failure, such as `'timeout'`. For error rates: the part of all requests that failed so. */
  readonly error?: ErrorCategory
  /** What the request's option `tags` says. */
  readonly tags?: Readonly<Record<string, string>>
}

const maxTags = 10
const expectedTag = 'expected a text of 1 to 100 characters'
const expectedStatus = "expected a class such as '5xx', or a status from 100 to 599"

const schema = z.strictObject({
  method: z
    .string("expected a method such as 'GET'")
    .regex(/^[\w!#$%&'*+.^`|~-]{1,20}$/, "expected a method such as 'GET'")
    .optional(),
  status: z.custom<string | number>(isStatus, expectedStatus).optional(),
  error: z.unknown().optional(),
  tags: z.record(z.string().min(1).max(40), z.string(expectedTag).min(1, expectedTag).max(100, expectedTag)).optional(),
})

/**
 * Reads what `.where()` is called with.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all problems.
 */
export function readLabels(filter: unknown): SloLabels {
  const { value, problems: found } = checkOptions(schema, filter, '')
  const problems = [...found]
  const { error } = (typeof filter === 'object' && filter !== null ? filter : {}) as { readonly error?: unknown }
  if (error !== undefined && !isCategory(error)) problems.push(describeCategory(error))
  const tags = Object.entries(value?.tags ?? {})
  if (tags.length > maxTags) problems.push(`tags: expected at most ${maxTags}; received ${tags.length}`)
  const { method, status } = value ?? {}
  const isEmpty = method === undefined && status === undefined && error === undefined && tags.length === 0
  if (value !== undefined && isEmpty)
    problems.push("options: expected a label such as { status: '5xx' } or { tags: { tenant: 'gold' } }; received none")
  throwProblems('Labels of .where()', problems)
  return {
    ...(method !== undefined && { method: method.toUpperCase() }),
    ...(status !== undefined && { status: String(status) }),
    ...(isCategory(error) && { error }),
    ...(tags.length > 0 && { tags: Object.fromEntries(tags.toSorted(([left], [right]) => (left < right ? -1 : 1))) }),
  }
}

function isStatus(value: unknown): boolean {
  if (typeof value === 'string') return /^[1-5]xx$/.test(value)
  return typeof value === 'number' && Number.isInteger(value) && value >= 100 && value <= 599
}

function isCategory(value: unknown): value is ErrorCategory {
  return errorCategories.some((category) => category === value)
}

function describeCategory(received: unknown): string {
  const nearest = typeof received === 'string' ? nearestName(received, errorCategories) : undefined
  const advice = nearest === undefined ? `known are ${errorCategories.join(', ')}` : `did you mean '${nearest}'?`
  return `error: expected a category of errors; received ${showValue(received)}; ${advice}`
}

/** How labels are told in the name of a target: `[method=GET, tenant=gold]`. */
export function describeLabels({ tags = {}, ...others }: SloLabels): string {
  const all = [...Object.entries(others), ...Object.entries(tags)].map(([name, value]) => `${name}=${value}`)
  return `[${all.join(', ')}]`
}

/**
 * Whether a figure of requests with these labels can be meant.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` for one that cannot.
 */
export function checkLabelled(name: string, { error }: SloLabels, { kind }: SloAggregate): void {
  const problems: string[] = []
  if (kind === 'checks') problems.push('checks belong to steps, not to requests. Pass a scenario or a step')
  else if (error !== undefined && kind !== 'errorRate')
    problems.push(
      `error: a failure is neither latency nor throughput; received ${showValue(error)}. Use it with expectErrorRate()`,
    )
  throwProblems(`The objective on '${name}'`, problems)
}
