import type { ResolvedLoad } from '../../options/resolved-load.ts'
import type { Clock } from '../clock.ts'
import type { Segment } from '../segment.ts'
import type { VirtualUser } from '../virtual-user.ts'

/**
 * An executor decides *when* iterations start and on *which* virtual user; what an iteration does is the virtual
 * user's business.
 *
 * Two kinds of workload models exist (Schroeder, Wierman and Harchol-Balter, "Open Versus Closed: A Cautionary Tale",
 * NSDI 2006). In a **closed** model a number of users each start their next iteration
 * when the last one has ended: a target that slows down gets less load, and the iterations that would have been slow are
 * never started, so that they are missing from the percentiles. That is *coordinated omission* (Gil Tene), and no
 * correction of the figures is made for it: a closed model answers "what do this many users see?". In an **open**
 * model iterations start at planned times whatever the target does, and their latency counts from the planned start.
 *
 * An executor resolves when its last iteration has ended or was abandoned. Once `stopping` is aborted it starts no further
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
  /** The virtual users of this segment, idle. */
  readonly vus: readonly VirtualUser[]
  /** Of these, from the first on, so many are set up; the others only where `setUp` has been called. */
  readonly readyVUs: number
  /** Sets one more up. Resolves to whether that worked; where it did not, the load ends. Never rejects. */
  readonly setUp: (vu: VirtualUser) => Promise<boolean>
  /** Lets a new user come in the place of one that was dismissed. Resolves like `setUp`. */
  readonly renew: (vu: VirtualUser) => Promise<boolean>
  /** Gives up an iteration that was cut and did not settle, if there is one. */
  readonly giveUp: (vu: VirtualUser) => void
  /** Seed of the run and the scenario together. */
  readonly seed: number
  /** Aborted when no further iteration may start, but those that are late when the window is over. */
  readonly stopping: AbortSignal
  readonly isWindowOver: () => boolean
  /** Aborted when running iterations are cut. */
  readonly cutting: AbortSignal
  /** When no iteration is planned to start any more, on `clock`. */
  readonly windowEndMs: number
  /** Resolves when iterations were given up that do not settle: nobody may wait for them any more. */
  readonly abandoned: Promise<void>
  /**
   * Counts planned iterations that were never started: because nobody was free, or else because they came too late. Those
   * with a planned time say when, after the start of the load.
   */
  readonly drop: (iterations: number, isOverdue?: boolean, plannedMs?: number) => void
  /** Records by how much an iteration has missed its planned start, which was so long after that of the load. */
  readonly recordLag: (lagMs: number, plannedMs: number) => void
}
