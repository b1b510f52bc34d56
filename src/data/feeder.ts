/** Which iteration asks for a row. */
export interface RowKey {
  /** Number of the virtual user, from 1. */
  readonly vuId: number
  /** Of this virtual user, from 0. */
  readonly iteration: number
  /** Among all iterations, where the executor numbers them. */
  readonly globalIteration: number | undefined
  /** Of the iteration. */
  readonly seed: number
  /** Of the run and scenario. */
  readonly runSeed: number
  /** How many virtual users there are, over all threads. */
  readonly vus: number
}

/** One run of a scenario in one thread, as a feeder sees it. */
export interface FeederRun {
  /** What `load` returned, on whichever thread it ran. */
  readonly loaded: unknown
  /** Number of this thread, from 0. */
  readonly thread: number
  /** How many threads run the load. */
  readonly threads: number
}

/** A source of data rows for a scenario: `data: { user: rows(users) }`. */
export interface Feeder<Row> {
  /** Number of the row for an iteration: the same for the same seed, on any number of threads. */
  readonly rowIndex: (key: RowKey) => number
  /** The row with that number. May be called with any number that `rowIndex` has given, to run an iteration again. */
  readonly row: (index: number, key: RowKey) => Row | PromiseLike<Row>
  /** How many rows there are when none is given twice, so that a longer load is refused before it starts. */
  readonly uniqueRows?: number
  /** What takes one of the unique rows. @default 'iteration' */
  readonly uniquePer?: 'vu' | 'iteration'
  /**
   * Reads what is needed, once before the first request. It runs in one thread: what it returns is cloned into the others,
   * but for what a `SharedArrayBuffer` holds, of which there is one for all.
   */
  readonly load?: (context: { readonly root: string }) => Promise<unknown>
  /** Opens the feeder for one run in one thread, in each before the load starts. What it returns is used in its place. */
  readonly open?: (run: FeederRun) => Feeder<Row> | Promise<Feeder<Row>>
  /**
   * Asked before an iteration starts: whether there is a row for it. The iteration waits for the answer, which is none of its
   * time. After `false` the virtual user starts no further one, and the load is over when nobody does. `signal` is aborted
   * when nobody waits any more.
   */
  readonly provide?: (key: RowKey, signal: AbortSignal) => boolean | Promise<boolean>
  /** Ends what `open` has begun, when the run is over. */
  readonly close?: () => void
}
