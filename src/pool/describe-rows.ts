/** What became of the data rows, in sentences: that they have ended a load, and that iterations had to wait for them. */
export function describeRows(rows: {
  readonly waits: number
  readonly waitedMs: number
  readonly ended: ReadonlySet<string>
}): string[] {
  const warnings: string[] = []
  const names = [...rows.ended].map((name) => `data.${name}`).join(' and ')
  if (names !== '') warnings.push(`the load ended because ${names} had no more rows (onEnd: 'stop')`)
  if (rows.waits === 0) return warnings
  const what = rows.waits === 1 ? '1 iteration' : `${rows.waits.toLocaleString('en')} iterations`
  const meanMs = Math.round(rows.waitedMs / rows.waits)
  return [
    ...warnings,
    `${what} waited for a data row before the start, ${meanMs} ms on average: the source of rows was slower than the load, which was lower than asked for`,
  ]
}
