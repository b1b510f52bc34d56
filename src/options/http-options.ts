import * as z from 'zod'
import type { Duration } from '../shared/durations.ts'
import { positiveDurationMs } from './problems.ts'
import {
  requestDefaultsShape,
  resolveRequestDefaults,
  type CheckedRequestDefaults,
  type RequestDefaults,
  type ResolvedRequestDefaults,
} from './request-defaults.ts'

/** How the HTTP clients of a project's virtual users behave. */
export interface HttpOptions extends RequestDefaults {
  /** How long connecting may take, TLS included. @default '10s' */
  readonly connectTimeout?: Duration
  /** `'per-vu'` keeps a connection for each virtual user and origin, `'none'` makes one for each request. @default 'per-vu' */
  readonly connections?: 'per-vu' | 'none'
}

/** How HTTP clients behave, with defaults. Plain data: it is cloned into threads. */
export interface ResolvedHttpOptions extends ResolvedRequestDefaults {
  readonly timeoutMs: number
  readonly connectTimeoutMs: number
  readonly connections: 'per-vu' | 'none'
}

const defaults = Object.freeze({ timeoutMs: 60_000, connectTimeoutMs: 10_000, connections: 'per-vu' } as const)

interface CheckedHttpOptions extends CheckedRequestDefaults {
  connectTimeout?: number | undefined
  connections?: 'per-vu' | 'none' | undefined
}

type Shape<Checked> = {
  readonly [Name in keyof Checked]-?: z.ZodOptional<z.ZodType<Exclude<Checked[Name], undefined>>>
}

/** The part of a project's options that is about HTTP. */
export const httpShape: Shape<CheckedHttpOptions> = {
  ...requestDefaultsShape,
  connectTimeout: positiveDurationMs.optional(),
  connections: z.enum(['per-vu', 'none'], "expected 'per-vu' or 'none'").optional(),
}

/** Fills in what was not given. */
export function resolveHttpOptions(given: CheckedHttpOptions): ResolvedHttpOptions {
  return {
    timeoutMs: defaults.timeoutMs,
    ...resolveRequestDefaults(given),
    connectTimeoutMs: given.connectTimeout ?? defaults.connectTimeoutMs,
    connections: given.connections ?? defaults.connections,
  }
}
