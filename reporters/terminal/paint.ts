import { Chalk, supportsColor, supportsColorStderr, type ColorSupportLevel } from 'chalk'
import type { Verdict } from '../../src/results/run-result.ts'
import type { Glyphs } from './glyphs.ts'

/** Puts a meaning on a text. Colour is used for nothing else. */
type Stroke = (text: string) => string

/** The few meanings that a report colours. */
export interface Paint {
  /** An error. */
  readonly bad: Stroke
  /** What decided that the run failed. */
  readonly breach: Stroke
  /** An objective that was met. */
  readonly good: Stroke
  /** A warning, or a run that proves nothing. */
  readonly caution: Stroke
  /** Units, rules, labels: what the eye should pass over. */
  readonly dim: Stroke
  readonly strong: Stroke
  readonly badge: (verdict: Verdict) => string
}

/** What every renderer is told: how many columns there are, how to colour, and what can be drawn. */
export interface Page {
  readonly width: number
  readonly paint: Paint
  readonly glyphs: Glyphs
}

export function createPaint(level: ColorSupportLevel): Paint {
  const chalk = new Chalk({ level })
  const badges = {
    pass: chalk.bgGreen.black.bold,
    fail: chalk.bgRed.white.bold,
    invalid: chalk.bgYellow.black.bold,
  } as const
  return {
    bad: chalk.red,
    breach: chalk.red.bold,
    good: chalk.green,
    caution: chalk.yellow,
    dim: chalk.dim,
    strong: chalk.bold,
    badge: (verdict) => badges[verdict](` ${verdict.toUpperCase()} `),
  }
}

/**
 * How many colours a standard stream shows. chalk knows terminals and `FORCE_COLOR` but neither `NO_COLOR` (no-color.org)
 * nor that Vitest colours its own lines in CI, which a report in the midst of them should follow.
 */
export function detectColorLevel(
  stream: 'stdout' | 'stderr',
  env: NodeJS.ProcessEnv,
  argv: readonly string[],
): ColorSupportLevel {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return 0
  const detected = stream === 'stdout' ? supportsColor : supportsColorStderr
  if (detected) return detected.level
  const refused = env['FORCE_COLOR'] !== undefined || argv.includes('--no-color')
  return isCi(env) && !refused ? 1 : 0
}

/** Whether this is a CI machine, as Vitest tells it: `CI=` and `CI=false` say no. */
export function isCi(env: NodeJS.ProcessEnv): boolean {
  return env['CI'] !== undefined && env['CI'] !== '' && env['CI'] !== 'false'
}
