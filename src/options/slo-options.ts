import * as z from 'zod'
import { parseDuration, type Duration } from '../shared/durations.ts'
import { parseRatio, type Ratio } from '../shared/rates.ts'
import { showValue } from '../shared/text.ts'
import type { SloAbort, SloAggregate, SloWindow } from '../slo/model.ts'
import { checkOptions, parsed, wholeNumber } from './problems.ts'

/** When an objective ends the load. */
export interface SloAbortOptions {
  /**
   * In every second of so long a time the objective must have been broken; 1 s at least. A second in which there was
   * nothing to judge neither breaks nor mends it.
   *
   * @default '10s'
   */
  readonly brokenFor?: Duration
  /**
   * So many samples must these seconds hold together. What is under way for longer than the limit is a sample of each second.
   *
   * @default 100
   */
  readonly minSamples?: number
}

/** What an objective may ask for besides its limit. */
export interface SloOptions {
  /** Ends the load early, with its results, while the objective is broken; `true` for the defaults. @default false */
  readonly abort?: boolean | SloAbortOptions
  /** Judges the figure in each window of this length, 1 s at least, instead of once over the whole run. */
  readonly window?: Duration
  /** In which part of the windows the limit must be kept. Goes with `window`. @default '100%' */
  readonly share?: Ratio
}

/** Ends a load of which a part of the iterations fails. */
export interface AbortOptions extends SloAbortOptions {
  /** The part of failed iterations, of those that end in a second, from which on the second is broken. */
  readonly errorRate: Ratio
}

/** When a load is ended, with defaults. */
export interface ResolvedAbortOptions extends SloAbort {
  readonly errorRate: number
}

/** What `readSloOptions` makes of an objective's options. */
export interface ResolvedSloOptions {
  readonly window?: SloWindow
  readonly abort?: SloAbort
}

const defaults = Object.freeze({ brokenForMs: 10_000, minSamples: 100, share: 1 })
const shortestMs = 1000
const maxSamples = 1_000_000_000

const atLeastOneSecond = parsed(
  () => "a duration such as '10s'",
  (value: Duration) => parseDuration(value),
  (ms) => (ms < shortestMs ? 'a duration of at least 1s: objectives are looked at once a second' : undefined),
)
const aboveZero = (expected: string): z.ZodType<number> =>
  parsed(
    () => expected,
    (value: Ratio) => parseRatio(value),
    (ratio) => (ratio === 0 ? `${expected}, above 0` : undefined),
  )

const abortShape = { brokenFor: atLeastOneSecond.optional(), minSamples: wholeNumber(maxSamples).optional() }
const abortSchema = z.strictObject(abortShape)
const overallSchema = z.strictObject(
  { errorRate: aboveZero("a ratio such as '50%'"), ...abortShape },
  { error: ({ code }) => (code === 'invalid_type' ? "expected an object such as { errorRate: '50%' }" : undefined) },
)
const sloSchema = z.strictObject({
  abort: z.unknown().optional(),
  window: atLeastOneSecond.optional(),
  share: aboveZero("a ratio such as '99%'").optional(),
})

/** Reads the options of an objective. Problems are added to `problems`. */
export function readSloOptions(options: unknown, aggregate: SloAggregate, problems: string[]): ResolvedSloOptions {
  if (options === undefined) return {}
  const checked = checkOptions(sloSchema, options, '')
  problems.push(...checked.problems)
  const written = (checked.value ?? options ?? {}) as SloOptions
  const abort = readAbort(written.abort, aggregate, problems)
  if (written.share !== undefined && written.window === undefined)
    problems.push(
      `share: is the part of windows, and there are none; received ${showValue((options as SloOptions).share)}. Add window: '1s'`,
    )
  const { window: windowMs, share = defaults.share } = checked.value ?? {}
  return { ...(windowMs !== undefined && { window: { windowMs, share } }), ...(abort !== undefined && { abort }) }
}

function readAbort(abort: unknown, aggregate: SloAggregate, problems: string[]): SloAbort | undefined {
  if (abort === undefined || abort === false) return undefined
  if (abort !== true && (typeof abort !== 'object' || abort === null)) {
    problems.push(`abort: expected true, or an object such as { brokenFor: '10s' }; received ${showValue(abort)}`)
    return undefined
  }
  const checked = checkOptions(abortSchema, abort === true ? {} : abort, 'abort')
  problems.push(...checked.problems)
  const { minSamples } = checked.value ?? {}
  if (minSamples !== undefined && aggregate.kind === 'throughput')
    problems.push(
      `abort.minSamples: a throughput is not judged by samples, whose lack is what breaks it; received ${minSamples}. Leave it out`,
    )
  return withDefaults(checked.value)
}

/** Reads the option `abort` of a scenario or project. Problems are added to `problems`. */
export function readAbortOptions(options: unknown, problems: string[]): ResolvedAbortOptions | undefined {
  if (options === undefined) return undefined
  const { value, problems: found } = checkOptions(overallSchema, options, 'abort')
  problems.push(...found)
  return value && { errorRate: value.errorRate, ...withDefaults(value) }
}

function withDefaults(written: z.output<typeof abortSchema> | undefined): SloAbort {
  const { brokenFor = defaults.brokenForMs, minSamples = defaults.minSamples } = written ?? {}
  return { brokenForMs: brokenFor, minSamples }
}
