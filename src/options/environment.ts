import { highestSeed } from '../shared/random.ts'
import { showValue } from '../shared/text.ts'

/** What the `LOAD_*` environment variables ask for. They win over everything written in files. */
export interface LoadEnvironment {
  /** `LOAD=1`: the load was asked for although `--project` does not name it. */
  readonly asked: boolean
  /** Replaces a scenario's load as a whole; `undefined` when no variable touches it. */
  readonly load: Readonly<Record<string, unknown>> | undefined
  readonly threads: number | undefined
  readonly seed: number | undefined
  readonly baseUrl: string | undefined
}

type Variables = Readonly<Record<string, string | undefined>>

/** Named by the contract and not part of this version: refusing them is better than a load they did not shape. */
const unsupported = ['LOAD_PROFILE', 'LOAD_RATE', 'LOAD_SCALE', 'LOAD_SEGMENT', 'LOAD_OFFLINE', 'LOAD_REPLAY'] as const

/** Reads the environment. Problems are added to `problems`. */
export function readEnvironment(variables: Variables, problems: string[]): LoadEnvironment {
  for (const name of unsupported) {
    if (isSet(variables[name]))
      problems.push(`${name}: this version has no such variable; received ${showValue(variables[name])}. Unset it`)
  }
  return {
    asked: isSet(variables['LOAD']) && variables['LOAD'] !== '0' && variables['LOAD'] !== 'false',
    load: readLoad(variables, problems),
    threads: readWholeNumber(variables, 'LOAD_THREADS', 1, problems),
    seed: readWholeNumber(variables, 'LOAD_SEED', 0, problems, highestSeed),
    baseUrl: isSet(variables['LOAD_BASE_URL']) ? variables['LOAD_BASE_URL'] : undefined,
  }
}

function readLoad(variables: Variables, problems: string[]): LoadEnvironment['load'] {
  const load: Record<string, unknown> = {}
  const vus = readWholeNumber(variables, 'LOAD_VUS', 1, problems)
  const iterations = readWholeNumber(variables, 'LOAD_ITERATIONS', 1, problems)
  if (vus !== undefined) load['vus'] = vus
  if (iterations !== undefined) load['iterations'] = iterations
  if (isSet(variables['LOAD_DURATION'])) load['duration'] = variables['LOAD_DURATION']
  return Object.keys(load).length === 0 ? undefined : load
}

function readWholeNumber(
  variables: Variables,
  name: string,
  lowest: number,
  problems: string[],
  highest: number = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const text = variables[name]
  if (!isSet(text)) return undefined
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= lowest && value <= highest) return value
  const upTo = highest === Number.MAX_SAFE_INTEGER ? 'up' : `to ${highest}`
  problems.push(`${name}: expected a whole number from ${lowest} ${upTo}; received ${showValue(text)}`)
  return undefined
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== ''
}
