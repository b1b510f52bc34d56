import type { ResolvedLoad } from '../../options/load-options.ts'
import type { Clock } from '../clock.ts'
import type { Segment } from '../segment.ts'
import type { VirtualUser } from '../virtual-user.ts'

/**
 * An executor decides *when* iterations start and on *which* virtual user; what an iteration does is the virtual
 * user's business.
 *
 * Two kinds of workload models exist (Schroeder, Wierman and Harchol-Balter, "Open Versus Closed: A Cautionary Tale",
 * NSDI 2006). In a **closed** model – all executors so far – a fixed number of users each start their next iteration
 * when the last one has ended: a target that slows down gets less load, and the iterations that would have been slow are
 * never started, so that they are missing from the percentiles. That is *coordinated omission* (Gil Tene), and no
 * correction of the figures is made for it: a closed model answers "what do this many users see?". In an **open**
 * model iterations start at planned times whatever the target does, and their latency counts from the planned start.
 *
 * An executor resolves when its last iteration has ended or was abandoned. Once `stopped()` is true it starts no further
 * one; cutting those that run on is the engine's business.
 */
export type Executor<Load extends ResolvedLoad = ResolvedLoad> = (context: ExecutorContext<Load>) => Promise<void>

/** Resolves when all virtual users have done their work, or were given up. */
export async function untilDone(
  work: readonly Promise<void>[],
  { abandoned }: Pick<ExecutorContext, 'abandoned'>,
): Promise<void> {
  await Promise.race([Promise.all(work), abandoned])
}

/** What an executor works with. */
export interface ExecutorContext<Load extends ResolvedLoad = ResolvedLoad> {
  readonly load: Load
  readonly segment: Segment
  readonly clock: Clock
  /** When the load started, on `clock`. */
  readonly startedAtMs: number
  /** The virtual users of this segment, set up and idle. */
  readonly vus: readonly VirtualUser[]
  readonly stopped: () => boolean
  /** Resolves when iterations were given up that do not settle: nobody may wait for them any more. */
  readonly abandoned: Promise<void>
  /** Counts planned iterations that were never started. */
  readonly drop: (iterations: number) => void
}
