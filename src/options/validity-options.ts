import * as z from 'zod'
import type { Duration } from '../shared/durations.ts'
import type { Ratio } from '../shared/rates.ts'
import type { ValidityLimits } from '../slo/model.ts'
import { orFalse, positiveDurationMs, ratioBut } from './problems.ts'

/**
 * How far the load generator may fall behind before a run is `invalid`: its figures would be about the generator and not
 * about the target. `false` turns a bound off. A load offline has no target and is never invalid.
 */
export interface ValidityOptions {
  /**
   * At arrival rates, the least part of the planned iterations that must have been started.
   * @default '99%'
   */
  readonly delivered?: Ratio | false
  /**
   * At arrival rates, how late iterations may start: the 99th percentile, after the first second.
   * @default '10ms', or a tenth of the tightest latency that an objective asks for, whichever is more
   */
  readonly startLag?: Duration | false
  /**
   * Where virtual users iterate one after another, how late a thread may get to what is due: the 99th percentile of its
   * event-loop delay, after the first second.
   * @default '10ms', or a tenth of the tightest latency that an objective asks for, whichever is more; without such an
   * objective nothing is judged
   */
  readonly eventLoopDelay?: Duration | false
}

const delivered = ratioBut(0, 'a ratio above 0, or false')
const limit = orFalse(positiveDurationMs, "a duration such as '10ms', or false")

/** Bounds as they were written, once checked: durations in milliseconds. */
interface ParsedValidity {
  readonly delivered?: number | false | undefined
  readonly startLag?: number | false | undefined
  readonly eventLoopDelay?: number | false | undefined
}

export const validitySchema: z.ZodOptional<z.ZodType<ParsedValidity>> = z
  .strictObject({ delivered: delivered.optional(), startLag: limit.optional(), eventLoopDelay: limit.optional() })
  .optional()

const leastDelivered = 0.99

/** Fills in what holds where nothing was said. */
export function resolveValidity(validity: ParsedValidity | undefined): ValidityLimits {
  return {
    delivered: validity?.delivered ?? leastDelivered,
    startLagUs: inMicroseconds(validity?.startLag),
    eventLoopDelayUs: inMicroseconds(validity?.eventLoopDelay),
  }
}

function inMicroseconds(value: number | false | undefined): ValidityLimits['startLagUs'] {
  return typeof value === 'number' ? value * 1000 : (value ?? 'by-objectives')
}
