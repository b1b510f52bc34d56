import * as z from 'zod'
import { showValue } from '../shared/text.ts'
import type { LoadEnvironment } from './environment.ts'
import { resolveLoad } from './load-options.ts'
import { checkOptions } from './problems.ts'
import type { ResolvedLoad } from './resolved-load.ts'
import { checkName, shownName } from './scenario-options.ts'
import { splitLoad, type LoadPart } from './split-load.ts'

const schema = z.strictObject({ load: z.unknown().refine((load) => load !== undefined, 'expected a load') })

/** What stands in a scenario's options for the mix that it is in. */
interface WrittenPart {
  readonly name: string
  readonly options: unknown
}

const defaultWeight = 1

/**
 * Divides the load of a mix, or what the environment says in its place, between its scenarios. Problems are added to
 * `problems`; then there is nothing to divide.
 */
export function resolveMix(
  name: unknown,
  options: unknown,
  environment: LoadEnvironment,
  scenarios: readonly WrittenPart[],
  problems: string[],
): readonly ResolvedLoad[] {
  const checked = checkOptions(schema, options, '')
  problems.push(...checkName(name), ...checked.problems)
  const parts = scenarios.map((scenario) => readPart(scenario, problems))
  if (parts.length === 0 && problems.length === 0) problems.push('expected scenarios in the callback; received none')
  const written = environment.load ?? checked.value?.load
  const load = written === undefined ? undefined : resolveLoad(written, 'load', problems)
  if (problems.length > 0 || load === undefined) return []
  return splitLoad(load, parts, isBounded(written), problems, environment.load !== undefined)
}

function readPart({ name, options }: WrittenPart, problems: string[]): LoadPart {
  const written = typeof options === 'object' && options !== null && 'weight' in options ? options.weight : undefined
  const weight = written ?? defaultWeight
  if (typeof weight === 'number' && weight > 0 && Number.isFinite(weight)) return { name, weight }
  problems.push(`scenario ${shownName(name)}: weight: expected a number above zero; received ${showValue(weight)}`)
  return { name, weight: defaultWeight }
}

/** Whether the most virtual users of a rate were given: by k6's rule, `preAllocatedVUs` is that number too. */
function isBounded(load: unknown): boolean {
  const { maxVUs, executor, preAllocatedVUs } = load as Readonly<Record<string, unknown>>
  return maxVUs !== undefined || (executor !== undefined && preAllocatedVUs !== undefined)
}
