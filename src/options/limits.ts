/** How long the hooks of a run, and those of all virtual users together, may take at most. */
export const hookLimitMs = 60_000

/** How long iterations that were cut have to end, before they are given up. */
export const settleLimitMs = 1000
