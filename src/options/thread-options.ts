import type { ResolvedLoadRunOptions } from './project-options.ts'
import type { ReplayRequest } from './replay.ts'

/** What a thread of the load pool knows of itself and of its project, as plain data. */
export interface ThreadOptions {
  /** 0 is the leader, which speaks to Vitest; the others follow. */
  readonly thread: number
  readonly threads: number
  /** Whether the load was asked for; scenarios are skipped otherwise. */
  readonly asked: boolean
  readonly options: ResolvedLoadRunOptions
  readonly baseUrl: string | undefined
  /** The `LOAD_*` variables. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Set where one iteration is run again in place of all loads. */
  readonly replay?: ReplayRequest
}
