import { formatDuration } from '../shared/durations.ts'
import { messageOf } from '../shared/errors.ts'
import { showValue } from '../shared/text.ts'
import { fieldsOf, type FieldName } from './load-fields.ts'
import { positiveDurationMs } from './problems.ts'

/** The unit of a shape: what its function gives. */
type Unit = 'vus' | 'rate'

/** A load as it was written, with stages in the place of a function. */
export interface SampledLoad {
  readonly options: unknown
  /** Whether the stages are samples of a function. */
  readonly isSampled: boolean
}

/** Once a second, for an hour; of what lasts longer, so many in all. */
const mostSamples = 3600
/** Of what is short, finer than once a second. */
const fewestSamples = 100

const executors = { vus: 'ramping-vus', rate: 'ramping-arrival-rate' } as const
/** What the function says in their place. */
const saidByFunction: readonly FieldName[] = ['startVUs', 'startRate', 'stages', 'timeUnit']

/**
 * Turns a load whose `vus` or `rate` is a function of the elapsed milliseconds into stages, which are data: a function
 * crosses no thread. It is asked once a second, of short loads a hundred times. A rate follows a straight line between two
 * samples; a number of virtual users is rounded, and kept until the next. Problems are added to `problems`.
 */
export function sampleShape(options: unknown, path: string, highest: Limits, problems: string[]): SampledLoad {
  if (typeof options !== 'object' || options === null) return { options, isSampled: false }
  const fields = options as Readonly<Record<string, unknown>>
  const unit = (['vus', 'rate'] as const).find((name) => typeof fields[name] === 'function')
  if (unit === undefined) return { options, isSampled: false }
  const { [unit]: shape, duration, ...rest } = fields
  const conflicts = findConflicts(fields, unit)
  problems.push(...conflicts.map((conflict) => `${path}: ${conflict}`))
  const durationMs = positiveDurationMs.safeParse(duration)
  for (const { message } of durationMs.error?.issues ?? [])
    problems.push(`${path}.duration: with a function in '${unit}', ${message}; received ${showValue(duration)}`)
  const values = durationMs.success
    ? takeSamples({ shape: shape as Shape, unit, durationMs: durationMs.data, path }, highest, problems)
    : undefined
  // As if there were no function, so that what else is wrong is told as well.
  const others = conflicts.length > 0 ? pickCommon(rest) : rest
  if (values === undefined) return { options: { ...others, ...placeholders[unit] }, isSampled: true }
  return { options: { ...others, ...stagesOf(unit, values, durationMs.data ?? 0) }, isSampled: true }
}

/** The most that each unit may reach. */
export type Limits = Readonly<Record<Unit, number>>

type Shape = (elapsedMs: number) => unknown

interface Sampling {
  readonly shape: Shape
  readonly unit: Unit
  readonly durationMs: number
  readonly path: string
}

const placeholders = {
  vus: { stages: [{ duration: 1000, vus: 1 }] },
  rate: { stages: [{ duration: 1000, rate: 1 }] },
} as const

function findConflicts(fields: Readonly<Record<string, unknown>>, unit: Unit): string[] {
  const own: readonly FieldName[] = [unit, 'duration', ...fieldsOf[executors[unit]]]
  const all = new Set<FieldName>(Object.values(fieldsOf).flat())
  const aliens = [...all].filter((name) => !own.includes(name) || saidByFunction.includes(name))
  const conflicts = aliens
    .filter((name) => fields[name] !== undefined)
    .map((name) => `'${name}' and a function in '${unit}' contradict each other. Remove '${name}' or remove '${unit}'`)
  if (fields['executor'] === undefined) return conflicts
  return [...conflicts, `with a function in '${unit}' goes no executor, which it decides. Remove 'executor'`]
}

function pickCommon(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { executor: _executor, ...rest } = fields
  const known: readonly string[] = Object.values(fieldsOf).flat()
  return Object.fromEntries(Object.entries(rest).filter(([name]) => !known.includes(name)))
}

/** The values from the start to the end, at even distances; `undefined` where one of them is wrong. */
function takeSamples(sampling: Sampling, highest: Limits, problems: string[]): number[] | undefined {
  const { unit, durationMs, path } = sampling
  const count = Math.min(mostSamples, Math.max(fewestSamples, Math.ceil(durationMs / 1000)))
  const values: number[] = []
  for (let index = 0; index <= count; index++) {
    const elapsedMs = (durationMs * index) / count
    const { value, problem } = askShape(sampling, elapsedMs, highest[unit])
    if (problem !== undefined) {
      problems.push(`${path}.${unit}: at ${formatDuration(elapsedMs)} the function ${problem}`)
      return undefined
    }
    values.push(value)
  }
  // What a number of virtual users is at the end itself no time is left for.
  const lasting = unit === 'vus' ? values.slice(0, -1) : values
  if (lasting.some((value) => value > 0)) return values
  problems.push(`${path}.${unit}: expected more than zero for some time; the function returned no load at all`)
  return undefined
}

function askShape({ shape, unit }: Sampling, elapsedMs: number, highest: number): { value: number; problem?: string } {
  let returned: unknown
  let again: unknown
  try {
    returned = shape(elapsedMs)
    again = shape(elapsedMs)
  } catch (error) {
    return { value: 0, problem: `threw: ${messageOf(error)}` }
  }
  const expected = `expected a number from 0 to ${highest.toLocaleString('en')}`
  if (typeof returned !== 'number' || !(returned >= 0) || returned > highest)
    return { value: 0, problem: `returned ${showValue(returned)}; ${expected}` }
  if (returned !== again)
    return {
      value: 0,
      problem: `returned ${returned} and then ${showValue(again)}; all threads must get the same from it, so that it must not depend on the time, on chance or on earlier calls`,
    }
  return { value: unit === 'vus' ? Math.round(returned) : returned }
}

function stagesOf(unit: Unit, values: readonly number[], durationMs: number): Record<string, unknown> {
  const stepMs = durationMs / (values.length - 1)
  return unit === 'vus' ? levelsOf(values.slice(0, -1), stepMs) : linesOf(values, stepMs)
}

/** Each number is kept until the next: a jump, and a stage on one level. */
function levelsOf(values: readonly number[], stepMs: number): Record<string, unknown> {
  const stages: { duration: number; vus: number }[] = []
  for (const vus of values) {
    const last = stages.at(-1)
    if (last?.vus === vus) last.duration += stepMs
    else stages.push({ duration: 0, vus }, { duration: stepMs, vus })
  }
  return { startVUs: values[0], stages: stages.slice(1) }
}

/** A straight line from each rate to the next. */
function linesOf(values: readonly number[], stepMs: number): Record<string, unknown> {
  const stages: { duration: number; rate: number }[] = []
  for (const [index, rate] of values.slice(1).entries()) {
    const last = stages.at(-1)
    // On one level as well: what lies between is the same.
    if (last?.rate === rate && values[index] === rate && values[index - 1] === rate) last.duration += stepMs
    else stages.push({ duration: stepMs, rate })
  }
  return { startRate: values[0], stages }
}
