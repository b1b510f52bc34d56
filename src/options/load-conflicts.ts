import { fieldsOf, type ExecutorName, type FieldName } from './load-fields.ts'
import { findStageConflicts, rampOf } from './stage-conflicts.ts'

/** A load as it was written, not yet checked. */
type Fields = Readonly<Record<string, unknown>>

export const executorNames = Object.keys(fieldsOf) as ExecutorName[]

/** Which fields contradict each other, whatever they hold: a wrong value must not hide that it should not be there. */
export function findConflicts(options: unknown, path: string): string[] {
  if (typeof options !== 'object' || options === null) return []
  const fields = options as Fields
  const isNamed = fields['executor'] !== undefined
  const executor = isNamed ? executorNames.find((name) => name === fields['executor']) : inferExecutor(fields)
  const conflicts = isNamed ? findAliens(fields, executor) : findOrphans(fields, executor)
  return [
    ...[...findPairs(fields, executor, isNamed), ...conflicts].map((conflict) => `${path}: ${conflict}`),
    ...findMissing(fields, executor, path),
    ...findStageConflicts(fields['stages'], { executor, isNamed }, path),
    ...findDoubleUnits(fields, executor, path),
  ]
}

/** The executor that the fields decide; `undefined` where stages contradict each other. */
export function inferExecutor(fields: Fields): ExecutorName | undefined {
  if (fields['stages'] !== undefined) return rampOf(fields['stages'])
  if (fields['rate'] !== undefined) return 'constant-arrival-rate'
  if (fields['duration'] !== undefined) return 'constant-vus'
  return fields['iterationsPerVU'] !== undefined ? 'per-vu-iterations' : 'shared-iterations'
}

/** Each of them decides alone what the load is. */
const contradictions: readonly (readonly [FieldName, FieldName])[] = [
  ['stages', 'rate'],
  ['stages', 'duration'],
  ['stages', 'iterations'],
  ['stages', 'iterationsPerVU'],
  ['stages', 'maxDuration'],
  ['stages', 'vus'],
  ['rate', 'iterations'],
  ['rate', 'iterationsPerVU'],
  ['rate', 'maxDuration'],
  ['rate', 'vus'],
  ['duration', 'iterations'],
  ['duration', 'iterationsPerVU'],
  ['iterations', 'iterationsPerVU'],
  ['maxDuration', 'duration'],
]

function findPairs(fields: Fields, executor: ExecutorName | undefined, isNamed: boolean): string[] {
  const isGiven = (name: FieldName): boolean => fields[name] !== undefined
  // To take its duration from a rate is no way out.
  const settled: FieldName | undefined = executor === 'constant-arrival-rate' ? 'duration' : undefined
  return contradictions
    .filter((pair) => pair.every((name) => isGiven(name) && name !== settled))
    .filter((pair) => !isNamed || executor === undefined || pair.every((name) => isOwn(executor, name)))
    .map(([left, right]) => contradiction(left, right, executor))
}

/** Fields that mean nothing to the executor which was named. */
function findAliens(fields: Fields, executor: ExecutorName | undefined): string[] {
  if (executor === undefined) return []
  const aliens = allFields.filter((name) => fields[name] !== undefined && !isOwn(executor, name))
  return aliens.map((name) => contradiction(name, executor, executor))
}

/** What refines a load of virtual users or of a rate, without it. */
const refinements = [
  'startRate',
  'maxVUs',
  'preAllocatedVUs',
  'arrivals',
  'timer',
  'startVUs',
  'gracefulRampDown',
  'pacing',
  'stagger',
] as const

function findOrphans(fields: Fields, executor: ExecutorName | undefined): string[] {
  const orphans = executor === undefined ? [] : refinements.filter((name) => !isOwn(executor, name))
  const given = orphans.filter((name) => fields[name] !== undefined)
  const lines = given.map((name) => describeOrphan(name, executor))
  if (fields['timeUnit'] === undefined) return lines
  return [...lines, "'timeUnit' needs an 'executor'. Add it, or remove 'timeUnit' and write a rate such as '90/m'"]
}

function describeOrphan(name: (typeof refinements)[number], executor: ExecutorName | undefined): string {
  const contradict = (other: string, instead: string): string =>
    `'${name}' and ${other} contradict each other. Remove '${name}' or write ${instead}`
  if (name === 'pacing' || name === 'stagger') {
    if (executor === 'constant-arrival-rate') return contradict("'rate'", "'vus' in place of 'rate'")
    if (executor === 'ramping-arrival-rate') return contradict("the 'rate' of stages", "'vus' in place of 'rate'")
    return contradict("'stages'", "'vus' and 'duration' in place of 'stages'")
  }
  if (executor === 'constant-arrival-rate') return contradict("'rate'", "'stages' in place of 'rate'")
  if (executor === 'ramping-arrival-rate') return contradict("the 'rate' of stages", "'vus' in place of 'rate'")
  if (executor === 'ramping-vus') return contradict("the 'vus' of stages", "'rate' in place of 'vus'")
  const needed = isOwn('constant-arrival-rate', name) ? 'rate' : 'stages'
  return `'${name}' needs '${needed}'. Add '${needed}' or remove '${name}'`
}

function findMissing(fields: Fields, executor: ExecutorName | undefined, path: string): string[] {
  const needs = needsOf(executor, fields['executor'] === undefined)
  return needs
    .filter(({ field }) => fields[field] === undefined)
    .map(({ field, what, example }) => {
      const who = fields['executor'] === undefined ? 'rate' : executor
      return `${path}.${field}: '${who}' needs ${what}, such as ${example}; received undefined`
    })
}

interface Need {
  readonly field: FieldName
  readonly what: string
  readonly example: string
}

const duration: Need = { field: 'duration', what: 'a duration', example: "'30s'" }
const rate: Need = { field: 'rate', what: 'a rate', example: "'500/s'" }
const stages: Need = { field: 'stages', what: 'stages', example: "[{ duration: '30s', target: 10 }]" }

function needsOf(executor: ExecutorName | undefined, isInferred: boolean): readonly Need[] {
  if (executor === 'constant-arrival-rate') return isInferred ? [duration] : [rate, duration]
  if (executor === 'constant-vus') return [duration]
  return executor === 'ramping-vus' || executor === 'ramping-arrival-rate' ? [stages] : []
}

/** A text such as `'90/m'` says in itself what a number says with `timeUnit`. */
function findDoubleUnits(fields: Fields, executor: ExecutorName | undefined, path: string): string[] {
  if (fields['timeUnit'] === undefined || executor === undefined || !isOwn(executor, 'timeUnit')) return []
  const ends = Array.isArray(fields['stages']) ? (fields['stages'] as unknown[]) : []
  const target = ends.map((stage) => (stage as { target?: unknown } | null)?.target).find(isText)
  return Object.entries({ rate: fields['rate'], startRate: fields['startRate'], target })
    .filter(([, value]) => isText(value))
    .map(
      ([name]) =>
        `${path}: 'timeUnit' and the unit in '${name}' contradict each other. Remove 'timeUnit' or write '${name}' as a number`,
    )
}

const allFields: readonly FieldName[] = [...new Set(Object.values(fieldsOf).flat())]

function isOwn(executor: ExecutorName, name: FieldName): boolean {
  return (fieldsOf[executor] as readonly FieldName[]).includes(name)
}

function contradiction(left: string, right: string, executor: ExecutorName | undefined): string {
  const ways = `${wayOut(left, executor)} or ${wayOut(right, executor)}`
  return `'${left}' and '${right}' contradict each other. ${ways.slice(0, 1).toUpperCase()}${ways.slice(1)}`
}

/** Where the number of virtual users changes, `vus` has another name. */
function wayOut(name: string, executor: ExecutorName | undefined): string {
  const meant = executor === 'ramping-vus' ? 'startVUs' : executor?.endsWith('-arrival-rate') ? 'maxVUs' : undefined
  return name === 'vus' && meant !== undefined ? `write '${meant}' in place of 'vus'` : `remove '${name}'`
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}
