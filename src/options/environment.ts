import { highestSeed } from '../shared/random.ts'
import { showValue } from '../shared/text.ts'
import { maxIterations, maxRatePerSecond, maxVUs } from './load-options.ts'
import { positiveDurationMs, ratePerSecond, scaleFactor } from './problems.ts'
import { readReplay, type ReplayReference } from './replay.ts'

/** What the `LOAD_*` environment variables ask for. They win over everything written in files. */
export interface LoadEnvironment {
  /** `LOAD=1`: the load was asked for although `--project` does not name it. */
  readonly asked: boolean
  /** Replaces a scenario's load as a whole; `undefined` when no variable touches it. */
  readonly load: Readonly<Record<string, unknown>> | undefined
  /** Name of the profile in force. */
  readonly profile: string | undefined
  /** Multiplies whatever load is in force. */
  readonly scale: number | undefined
  readonly threads: number | undefined
  readonly seed: number | undefined
  readonly baseUrl: string | undefined
  /** `LOAD_OFFLINE`: whether mocks answer in place of the network. */
  readonly offline: boolean | undefined
  /** `LOAD_REPLAY`: the failed iteration that is run again in place of the load. */
  readonly replay: ReplayReference | undefined
}

type Variables = Readonly<Record<string, string | undefined>>

/** The most threads that may generate load. */
export const maxThreads = 64

const prefix = 'LOAD_'
const supported = [
  'VUS',
  'DURATION',
  'ITERATIONS',
  'RATE',
  'PROFILE',
  'SCALE',
  'THREADS',
  'SEED',
  'BASE_URL',
  'OFFLINE',
  'REPLAY',
]
/** Named by the contract and not part of this version: refusing them is better than a load they did not shape. */
const unsupported = ['SEGMENT']
/** What a user may write for what we call otherwise. */
const otherWords = new Map([
  ['USERS', 'VUS'],
  ['USER', 'VUS'],
  ['URL', 'BASE_URL'],
  ['BASE', 'BASE_URL'],
  ['TIME', 'DURATION'],
])

const yes = ['1', 'true', 'yes', 'on']
const no = ['0', 'false', 'no', 'off']

/** What no variable asks for. */
export const noEnvironment: LoadEnvironment = Object.freeze({
  asked: false,
  load: undefined,
  profile: undefined,
  scale: undefined,
  threads: undefined,
  seed: undefined,
  baseUrl: undefined,
  offline: undefined,
  replay: undefined,
})

/** Reads the environment. Problems are added to `problems`. */
export function readEnvironment(variables: Variables, problems: string[]): LoadEnvironment {
  for (const name of Object.keys(variables).toSorted((left, right) => left.localeCompare(right))) {
    const problem = isSet(variables[name]) ? findStranger(name, variables[name]) : undefined
    if (problem !== undefined) problems.push(problem)
  }
  return {
    asked: readSwitch(variables, 'LOAD', 'expected 1 to start the load, or 0', problems) ?? false,
    load: readLoad(variables, problems),
    profile: isSet(variables['LOAD_PROFILE']) ? variables['LOAD_PROFILE'] : undefined,
    scale: readScale(variables['LOAD_SCALE'], problems),
    threads: readWholeNumber(variables, 'LOAD_THREADS', [1, maxThreads], problems),
    seed: readWholeNumber(variables, 'LOAD_SEED', [0, highestSeed], problems),
    baseUrl: isSet(variables['LOAD_BASE_URL']) ? variables['LOAD_BASE_URL'] : undefined,
    offline: readSwitch(variables, 'LOAD_OFFLINE', 'expected 1 for mocks in place of the network, or 0', problems),
    replay: readReplay(variables['LOAD_REPLAY'], problems),
  }
}

/**
 * A variable that was meant for us, but is not ours. What resembles none of our names may be the business of another
 * program, and is left alone.
 */
function findStranger(name: string, value: string | undefined): string | undefined {
  const word = name.slice(prefix.length)
  if (!name.startsWith(prefix) || supported.includes(word)) return undefined
  if (unsupported.includes(word))
    return `${name}: this version has no such variable; received ${showValue(value)}. Unset it`
  const meant = otherWords.get(word) ?? misspelt(word.toUpperCase())
  return meant === undefined
    ? undefined
    : `${name}: unknown variable; did you mean '${prefix}${meant}'? Otherwise unset it`
}

/**
 * The variable that was meant. Of a short word a single slip only, and none in its first letter: `DATA`, `STATE` or
 * `DATE` are words of their own.
 */
function misspelt(word: string): string | undefined {
  const alike = supported.filter((name) => name.startsWith(word.slice(0, 1)))
  const near = (edits: number): string | undefined => alike.find((name) => isWithinEdits(word, name, edits))
  return near(1) ?? (word.length > 5 ? near(2) : undefined)
}

/** Whether so many characters changed, added or left out make one word of the other. */
function isWithinEdits(left: string, right: string, edits: number): boolean {
  let same = 0
  while (same < left.length && left[same] === right[same]) same++
  const [a, b] = [left.slice(same), right.slice(same)]
  if (a === '' || b === '') return a.length + b.length <= edits
  if (edits === 0) return false
  return [
    [a.slice(1), b.slice(1)],
    [a.slice(1), b],
    [a, b.slice(1)],
  ].some(([nextA = '', nextB = '']) => isWithinEdits(nextA, nextB, edits - 1))
}

/** `LOAD=no` must not start a load. */
function readSwitch(variables: Variables, name: string, expected: string, problems: string[]): boolean | undefined {
  const text = variables[name]
  if (!isSet(text)) return undefined
  if (yes.includes(text.toLowerCase())) return true
  if (!no.includes(text.toLowerCase())) problems.push(`${name}: ${expected}; received ${showValue(text)}`)
  return false
}

function readLoad(variables: Variables, problems: string[]): LoadEnvironment['load'] {
  const vus = readWholeNumber(variables, 'LOAD_VUS', [1, maxVUs], problems)
  const iterations = readWholeNumber(variables, 'LOAD_ITERATIONS', [1, maxIterations], problems)
  const duration = readDuration(variables['LOAD_DURATION'], problems)
  const rate = readRate(variables['LOAD_RATE'], problems)
  const contradictions = findContradictions(variables)
  problems.push(...contradictions)
  if (
    contradictions.length === 0 &&
    rate === undefined &&
    vus !== undefined &&
    iterations !== undefined &&
    vus > iterations
  )
    problems.push(
      `LOAD_VUS: ${vus} VUs cannot share ${iterations} iterations (LOAD_ITERATIONS). Raise it or lower LOAD_VUS`,
    )
  const load = {
    ...(vus !== undefined && (rate === undefined ? { vus } : { maxVUs: vus })),
    ...(iterations !== undefined && { iterations }),
    ...(duration !== undefined && { duration }),
    ...(rate !== undefined && { rate }),
  }
  return Object.keys(load).length === 0 ? undefined : load
}

function findContradictions(variables: Variables): string[] {
  const isGiven = (name: string): boolean => isSet(variables[name])
  const pairs = [
    ['LOAD_RATE', 'LOAD_ITERATIONS'],
    ['LOAD_DURATION', 'LOAD_ITERATIONS'],
  ] as const
  // With a rate goes a duration: it is the number of iterations that is too much.
  const pair = pairs.find((names) => names.every(isGiven))
  if (pair !== undefined) return [`'${pair[0]}' and '${pair[1]}' contradict each other. Unset one of them`]
  if (!isGiven('LOAD_RATE') || isGiven('LOAD_DURATION')) return []
  return ["'LOAD_RATE' needs 'LOAD_DURATION'. Set it, such as LOAD_DURATION=30s, or unset LOAD_RATE"]
}

function readRate(text: string | undefined, problems: string[]): number | undefined {
  if (!isSet(text)) return undefined
  const isNumber = /^\d+(?:\.\d+)?$/.test(text)
  const { data, error } = ratePerSecond(1000, maxRatePerSecond, 'above zero').safeParse(isNumber ? Number(text) : text)
  const [issue] = error?.issues ?? []
  if (issue !== undefined) problems.push(`LOAD_RATE: ${issue.message}; received ${showValue(text)}`)
  return data
}

function readScale(text: string | undefined, problems: string[]): number | undefined {
  if (!isSet(text)) return undefined
  const isNumber = /^\d+(?:\.\d+)?$/.test(text)
  const { data, error } = scaleFactor.safeParse(isNumber ? Number(text) : text)
  const [issue] = error?.issues ?? []
  if (issue !== undefined) problems.push(`LOAD_SCALE: ${issue.message}; received ${showValue(text)}`)
  return data
}

function readDuration(text: string | undefined, problems: string[]): string | undefined {
  if (!isSet(text)) return undefined
  const [issue] = positiveDurationMs.safeParse(text).error?.issues ?? []
  if (issue === undefined) return text
  // A variable is a text: a number without a unit is none of milliseconds.
  const expected = issue.message.replace(", '1m30s' or a number of milliseconds, not negative", " or '1m30s'")
  problems.push(`LOAD_DURATION: ${expected}; received ${showValue(text)}`)
  return undefined
}

function readWholeNumber(
  variables: Variables,
  name: string,
  [lowest, highest]: readonly [number, number],
  problems: string[],
): number | undefined {
  const text = variables[name]
  if (!isSet(text)) return undefined
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= lowest && value <= highest) return value
  const range = `${lowest} to ${highest.toLocaleString('en')}`
  problems.push(`${name}: expected a whole number from ${range}; received ${showValue(text)}`)
  return undefined
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== ''
}
