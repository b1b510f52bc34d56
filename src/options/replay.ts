import * as z from 'zod'
import { showValue } from '../shared/text.ts'

/** What `LOAD_REPLAY` names: a row of the error table, of whatever result has it last or of one file. */
export interface ReplayReference {
  readonly id: string
  /** Of a result file, as it was written; `undefined` for the newest. */
  readonly path: string | undefined
}

/** One iteration that is to be run again, and how it had failed: plain data. */
export interface ReplayRequest {
  /** Of the row in the error table. */
  readonly id: string
  readonly project: string
  /** Path of the spec, relative to the project's root. */
  readonly file: string
  readonly scenario: string
  readonly category: string
  readonly message: string
  readonly step: string
  readonly request: string
  /** When the failure was first seen. */
  readonly startedAt: string
  readonly firstSeenMs: number
  readonly vu: number
  readonly iteration: number
  readonly globalIteration: number | undefined
  /** Of the iteration. */
  readonly seed: number
  /** Of the run: what the seeds of hooks come from. */
  readonly runSeed: number
  readonly vus: number
  /** Number of the data row by feeder. */
  readonly rows: Readonly<Record<string, number>>
  readonly baseUrl: string | undefined
  readonly offline: boolean
}

/** What of a result file a replay reads; the rest may be of another version. */
export interface ReplayableResult {
  readonly runId: string
  readonly scenario: string
  readonly file: string
  readonly project: string
  readonly startedAt: string
  readonly seed: number
  readonly vus: number
  readonly baseUrl?: string | undefined
  readonly offline?: string | undefined
  readonly errors: readonly ReplayableError[]
}

interface ReplayableError {
  readonly id: string
  readonly category: string
  readonly message: string
  readonly step: string
  readonly request: string
  readonly count: number
  readonly firstSeenMs: number
  readonly exemplar?: ReplayableExemplar | undefined
}

interface ReplayableExemplar {
  readonly vu: number
  readonly iteration: number
  readonly seed: number
  readonly globalIteration?: number | undefined
  readonly inHook?: boolean | undefined
  readonly rows: Readonly<Record<string, number>>
}

const idPattern = /^[\da-hjkmnp-tv-z]{6}$/
const expected = "expected an id of the error table such as 'k3f9qa', or 'path/to/result.json#k3f9qa'"

/** Reads `LOAD_REPLAY`; what is wrong with it is added to `problems`. */
export function readReplay(text: string | undefined, problems: string[]): ReplayReference | undefined {
  if (text === undefined || text === '') return undefined
  const border = text.lastIndexOf('#')
  // As Crockford reads them: letters that are not in use stand for the digits that they look like.
  const id = text
    .slice(border + 1)
    .toLowerCase()
    .replaceAll('o', '0')
    .replaceAll(/[il]/g, '1')
  if (idPattern.test(id) && border !== 0) return { id, path: border === -1 ? undefined : text.slice(0, border) }
  problems.push(`LOAD_REPLAY: ${expected}; received ${showValue(text)}`)
  return undefined
}

const exemplarSchema: z.ZodType<ReplayableExemplar> = z.object({
  vu: z.number(),
  iteration: z.number(),
  seed: z.number(),
  globalIteration: z.number().optional(),
  inHook: z.boolean().optional(),
  rows: z.record(z.string(), z.number()),
})
const resultSchema: z.ZodType<ReplayableResult> = z.object({
  runId: z.string(),
  scenario: z.string(),
  file: z.string(),
  project: z.string(),
  startedAt: z.string(),
  seed: z.number(),
  vus: z.number(),
  baseUrl: z.string().optional(),
  offline: z.string().optional(),
  errors: z.array(
    z.object({
      id: z.string(),
      category: z.string(),
      message: z.string(),
      step: z.string(),
      request: z.string(),
      count: z.number(),
      firstSeenMs: z.number(),
      exemplar: exemplarSchema.optional(),
    }),
  ),
})

/** The part of a result that a replay reads; `undefined` where the text is no such result. */
export function parseReplayable(text: string): ReplayableResult | undefined {
  try {
    return resultSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
