import type { SeriesKind } from './series.ts'

/**
 * How much is kept apart, in a thread and in the merged totals alike. Each kind has a bound of its own, so that steps
 * with ids in their names cannot take the place of requests.
 */
export const maxSeries: Readonly<Record<SeriesKind, number>> = {
  iteration: 1,
  step: 250,
  request: 250,
  hook: 50,
  // Each of them is an objective's, and reserved.
  labelled: 0,
}
const maxChecks = 200
export const maxErrorRows = 100
/** Origins whose connections are kept apart. */
export const maxOrigins = 20

/** Name of the series, check, error row or origin that takes what is over the bound. */
export const otherName = 'other'

/** What a series is found by among those of all kinds. */
export function keyOfSeries(kind: SeriesKind, name: string): string {
  return `${kind}|${shortName(name)}`
}

/**
 * In which step `other` takes a check that is too much: in its own, as long as there are not too many of those either;
 * then in the reserved step around it, so that an objective on that one's checks misses none, or else outside of steps.
 * `undefined` for a check that is kept apart.
 */
export function placeOfCheck(name: string, step: string, count: number, reserved: string = ''): string | undefined {
  if (count < maxChecks) return undefined
  if (name !== otherName) return step
  return count < 2 * maxChecks || step === reserved ? undefined : reserved
}

const maxNameLength = 200
const separator = ' > '

/** Whether a step, by its path as tables keep it, is the one named, or stands inside it. */
export function isWithinStep(step: string, name: string): boolean {
  const inside = `${name}${separator}`
  if (step === shortName(name) || step.startsWith(inside)) return true
  // The paths of all that is inside are cut before they differ.
  return inside.length >= maxNameLength && step === shortName(`${inside}…`)
}

/**
 * A name as tables keep it: cut, so that two which are the same up to there are one. A name of another type, which a
 * caller without type checks may pass, becomes text, for it must survive the way to another thread.
 */
export function shortName(name: string): string {
  const text: unknown = name
  if (typeof text === 'string' && text.length <= maxNameLength) return text
  const whole = String(text)
  return whole.length <= maxNameLength ? whole : `${detached(whole.slice(0, maxNameLength - 1))}…`
}

/** A copy of a text: a part of a string keeps the whole of it alive in V8, which may be an answer of megabytes. */
export function detached(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le')
}
