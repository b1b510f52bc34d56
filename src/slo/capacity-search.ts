import type { CapacityUnit, LevelOutcome, SearchEnd } from '../results/capacity-result.ts'

/** Where a capacity is looked for. */
export interface CapacityRange {
  readonly unit: CapacityUnit
  readonly from: number
  readonly to: number
  /** How much is added to a level that was met; `undefined` doubles it. */
  readonly step: number | undefined
  /** How far the bracket may be open in the end: a part of its upper end, above 0. */
  readonly precision: number
}

/** A level that was tried, and how it ended. */
export interface TriedLevel {
  readonly level: number
  readonly outcome: LevelOutcome
}

/** What comes next in a search, or what it came to. */
export type SearchStep =
  | { readonly kind: 'try'; readonly level: number }
  | {
      readonly kind: 'ended'
      readonly ended: SearchEnd
      readonly highest: number | undefined
      readonly broken: number | undefined
      readonly confirmed: boolean
    }

/** How often a level is tried that the generator does not deliver: other programs of the machine may have kept it from it. */
const maxUndelivered = 3
/** How often a level that was met may break when it is confirmed, before the next lower one is taken as it is. */
const maxRelapses = 2

/**
 * The next level of a search, from all that were tried so far: it grows until a level breaks, then halves the bracket
 * until it is as narrow as the precision asks, and tries the best level once more. A first level that breaks, and one that
 * the generator could not deliver, are tried again: a cold start or a hiccup must not decide.
 */
export function nextStep(range: CapacityRange, tried: readonly TriedLevel[]): SearchStep {
  const last = tried.at(-1)
  if (last === undefined) return { kind: 'try', level: range.from }
  const broken = lowest(levelsThat(tried, 'broken'))
  const highest = highestBelow(levelsThat(tried, 'met'), broken)
  const end = (ended: SearchEnd): SearchStep => ({
    kind: 'ended',
    ended,
    highest,
    broken,
    confirmed: highest !== undefined && isConfirmed(tried, highest),
  })
  if (last.outcome === 'interrupted') return end('interrupted')
  if (deservesAnotherTry(range, tried, last)) return { kind: 'try', level: last.level }
  if (last.outcome === 'invalid') return end('generator')
  if (highest === undefined) return end('below-from')
  const next = broken === undefined ? grow(range, highest) : halve(range, highest, broken)
  if (next !== undefined) return { kind: 'try', level: next }
  if (!isConfirmed(tried, highest) && countRelapses(tried) < maxRelapses) return { kind: 'try', level: highest }
  return end(broken === undefined ? 'reached-to' : 'found')
}

function deservesAnotherTry({ from }: CapacityRange, tried: readonly TriedLevel[], last: TriedLevel): boolean {
  const before = tried.slice(0, -1).filter(({ level }) => level === last.level)
  if (last.outcome === 'invalid')
    return before.filter(({ outcome }) => outcome === 'invalid').length < maxUndelivered - 1
  return last.outcome === 'broken' && last.level === from && before.length === 0
}

/** The next higher level; `undefined` when the highest was met. One that lies hardly below the highest is the highest. */
function grow({ to, step, unit, precision }: CapacityRange, met: number): number | undefined {
  if (met >= to) return undefined
  const next = step === undefined ? met * 2 : met + step
  return next * (1 + precision) >= to ? to : round(unit, next)
}

/** A level between the two; `undefined` when they are as near as the precision asks. */
function halve({ unit, precision }: CapacityRange, met: number, broken: number): number | undefined {
  const width = broken - met
  if (width <= precision * broken || (unit === 'vus' && width <= 1)) return undefined
  const middle = met + width / 2
  const short = round(unit, middle)
  return short > met && short < broken ? short : middle
}

/** Three digits of a rate are enough to read, and finer than what a precision of 1 % asks for. */
function round(unit: CapacityUnit, level: number): number {
  return unit === 'vus' ? Math.floor(level) : Number(level.toPrecision(3))
}

/** The levels whose latest try ended so. */
function levelsThat(tried: readonly TriedLevel[], outcome: LevelOutcome): number[] {
  const latest = new Map(tried.map((entry) => [entry.level, entry.outcome]))
  return [...latest].filter(([, ended]) => ended === outcome).map(([level]) => level)
}

function isConfirmed(tried: readonly TriedLevel[], highest: number): boolean {
  return tried.filter(({ level, outcome }) => level === highest && outcome === 'met').length > 1
}

/** How many levels were met at first, and broken when they were tried again. */
function countRelapses(tried: readonly TriedLevel[]): number {
  const met = new Set(levelsEver(tried, 'met'))
  return levelsThat(tried, 'broken').filter((level) => met.has(level)).length
}

function levelsEver(tried: readonly TriedLevel[], outcome: LevelOutcome): number[] {
  return tried.filter((entry) => entry.outcome === outcome).map(({ level }) => level)
}

function lowest(levels: readonly number[]): number | undefined {
  return levels.length === 0 ? undefined : Math.min(...levels)
}

function highestBelow(levels: readonly number[], bound: number = Number.POSITIVE_INFINITY): number | undefined {
  const below = levels.filter((level) => level < bound)
  return below.length === 0 ? undefined : Math.max(...below)
}
