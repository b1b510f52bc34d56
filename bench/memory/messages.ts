import type { MetricsSnapshot } from '../../src/metrics/snapshot.ts'

/** What the thread is told. */
export interface ThreadArguments {
  /** After how many requests the heaps are weighed; the load ends with the last. */
  readonly checkpoints: readonly number[]
}

/** What changed since the last message of this kind. */
export interface SnapshotMessage {
  readonly type: 'snapshot'
  readonly snapshot: MetricsSnapshot
}

/** So many requests have been answered. */
export interface CheckpointMessage {
  readonly type: 'checkpoint'
  readonly requests: number
  /** Alive in the thread. */
  readonly bytes: number
}
