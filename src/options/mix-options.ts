import * as z from 'zod'
import { showValue } from '../shared/text.ts'
import type { LoadEnvironment } from './environment.ts'
import { boundsVUs } from './load-stages.ts'
import { checkOptions } from './problems.ts'
import type { ResolvedProfile } from './profiles.ts'
import { checkName, resolveIntensity, shownName, type MixedLoad } from './scenario-options.ts'
import { splitLoad, type LoadPart } from './split-load.ts'

const schema = z.strictObject({ load: z.unknown().refine((load) => load !== undefined, 'expected a load') })

/** What stands in a scenario's options for the mix that it is in. */
interface WrittenPart {
  readonly name: string
  readonly options: unknown
}

/** What may replace or scale the load of a mix. */
export interface MixCircumstances {
  readonly environment: LoadEnvironment
  readonly profile: ResolvedProfile | undefined
}

const defaultWeight = 1

/**
 * Divides the load of a mix, or what the environment or the profile says in its place, between its scenarios. Problems are
 * added to `problems`; then there is nothing to divide.
 */
export function resolveMix(
  name: unknown,
  options: unknown,
  { environment, profile }: MixCircumstances,
  scenarios: readonly WrittenPart[],
  problems: string[],
): readonly MixedLoad[] {
  const checked = checkOptions(schema, options, '')
  problems.push(...checkName(name), ...checked.problems)
  const parts = scenarios.map((scenario) => readPart(scenario, problems))
  if (parts.length === 0 && problems.length === 0) problems.push('expected scenarios in the callback; received none')
  // As it was given, so that what is wrong with it is told beside what is wrong with others.
  const { load: written = {} } = (options ?? {}) as { load?: unknown }
  const { load, intensity } = resolveIntensity(written, environment, profile, problems)
  const nothing = parts.map(() => ({ load: undefined, intensity }))
  if (problems.length > 0 || load === undefined) return nothing
  const given = environment.load ?? (profile?.load === undefined ? written : undefined)
  const divided = {
    isBounded: given === undefined ? profile?.isBounded === true : boundsVUs(given),
    isAsWritten: given === written && intensity.scale === 1,
  }
  const loads = splitLoad(load, parts, divided, problems)
  return loads.map((part) => ({ load: part, intensity }))
}

function readPart({ name, options }: WrittenPart, problems: string[]): LoadPart {
  const { weight = defaultWeight } = (options ?? {}) as { weight?: unknown }
  if (typeof weight === 'number' && weight > 0 && Number.isFinite(weight)) return { name, weight }
  problems.push(`scenario ${shownName(name)}: weight: expected a number above zero; received ${showValue(weight)}`)
  return { name, weight: defaultWeight }
}
