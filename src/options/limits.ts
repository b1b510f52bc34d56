/** How long the hooks of a run, and those of all virtual users together, may take at most. */
export const hookLimitMs = 60_000

/** How long data rows may take to be read: long enough for a file of some 50 million rows on a machine at rest. */
export const dataLimitMs = 300_000

/** How long running iterations may go on when an objective has ended the load: what is not stuck ends by itself. */
export const abortGraceMs = 1000

/** How long iterations that were cut have to end, before they are given up. */
export const settleLimitMs = 1000
