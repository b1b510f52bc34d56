import { showValue } from '../shared/text.ts'
import type { ExecutorName } from './load-fields.ts'

/** The names of what a stage ends with. */
const ends = ['vus', 'rate', 'target'] as const
type End = (typeof ends)[number]

/** What decides how stages are read. */
interface Reader {
  readonly executor: ExecutorName | undefined
  /** Whether the user named the executor. */
  readonly isNamed: boolean
}

/** Which executor the stages of a load are for; `undefined` where they do not say, or contradict each other. */
export function rampOf(stages: unknown): 'ramping-vus' | 'ramping-arrival-rate' | undefined {
  const used = endsOf(stages)
  if (used.has('vus') === used.has('rate')) return undefined
  return used.has('vus') ? 'ramping-vus' : 'ramping-arrival-rate'
}

/** What contradicts itself within stages, whatever they hold. */
export function findStageConflicts(stages: unknown, reader: Reader, path: string): string[] {
  const each = listOf(stages).flatMap((stage, index) => findInStage(stage, reader, `${path}.stages.${index}`))
  return [...each, ...findAmong(endsOf(stages), reader).map((line) => `${path}: ${line}`)]
}

function findInStage(stage: unknown, { isNamed }: Reader, place: string): string[] {
  const given = endsIn(stage)
  const [first, ...others] = given
  if (first === undefined) {
    const expected = isNamed ? "'target'" : "'vus' or 'rate'"
    return [`${place}: expected a duration and ${expected} at its end; received ${showValue(stage)}`]
  }
  return others.map(
    (other) => `${place}: '${first}' and '${other}' contradict each other. Remove '${first}' or remove '${other}'`,
  )
}

function findAmong(used: ReadonlySet<End>, { executor, isNamed }: Reader): string[] {
  if (isNamed) return findForeignEnds(used, executor)
  if (used.has('target'))
    return [
      "'target' in stages needs an 'executor'. Write 'vus' or 'rate' in place of 'target', or add executor: 'ramping-vus' or executor: 'ramping-arrival-rate'",
    ]
  if (!used.has('vus') || !used.has('rate')) return []
  return ["'vus' and 'rate' in stages contradict each other. Write 'vus' in each stage or 'rate' in each stage"]
}

/** With k6's name of the executor goes k6's name of the field, as with all others. */
function findForeignEnds(used: ReadonlySet<End>, executor: ExecutorName | undefined): string[] {
  if (executor !== 'ramping-vus' && executor !== 'ramping-arrival-rate') return []
  const meant = { vus: 'ramping-vus', rate: 'ramping-arrival-rate' } as const
  return (['vus', 'rate'] as const)
    .filter((end) => used.has(end))
    .map((end) => {
      const instead = meant[end] === executor ? "remove 'executor'" : `'${meant[end]}' in place of '${executor}'`
      return `'${end}' in stages and '${executor}' contradict each other. Write 'target' in place of '${end}' or ${instead}`
    })
}

/** What stages end with, leaving out those that contradict themselves. */
function endsOf(stages: unknown): ReadonlySet<End> {
  const clear = listOf(stages)
    .map(endsIn)
    .filter((given) => given.length === 1)
  return new Set(clear.flat())
}

function endsIn(stage: unknown): End[] {
  if (typeof stage !== 'object' || stage === null) return []
  return ends.filter((name) => (stage as Readonly<Record<string, unknown>>)[name] !== undefined)
}

function listOf(stages: unknown): readonly unknown[] {
  return Array.isArray(stages) ? (stages as readonly unknown[]) : []
}
