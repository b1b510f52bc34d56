/** How long the hooks of a run, and those of all virtual users together, may take at most. */
export const hookLimitMs = 60_000

/** How long data rows may take to be read, from files above all: 20 million rows take about as long. */
export const dataLimitMs = 300_000

/** How long running iterations may go on when an objective has ended the load: what is not stuck ends by itself. */
export const abortGraceMs = 1000

/** How long iterations that were cut have to end, before they are given up. */
export const settleLimitMs = 1000
