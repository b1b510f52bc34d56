/** A row of blocks as high as the values, from nothing to `peak`. Nothing at all is a gap. */
export function renderSparkline(values: readonly number[], peak: number, blocks: string): string {
  return values.map((value) => pickBlock(value, peak, blocks)).join('')
}

function pickBlock(value: number, peak: number, blocks: string): string {
  if (value <= 0 || peak <= 0) return ' '
  const height = Math.ceil((Math.min(value, peak) / peak) * blocks.length)
  return blocks[height - 1] ?? ' '
}
