/** Characters that not every terminal has. */
export interface Glyphs {
  /** From a little to all. None is as high as a line, so that rows of them do not touch. */
  readonly blocks: string
  /** As high as a line, for rows that are to touch. */
  readonly full: string
  /** A part of a bar that is done, and one that is not. */
  readonly done: string
  readonly open: string
}

export const unicodeGlyphs: Glyphs = { blocks: '▁▂▃▄▅▆▇', full: '█', done: '▰', open: '▱' }
export const plainGlyphs: Glyphs = { blocks: '_.-=+*#', full: '#', done: '#', open: '-' }

/** Linux' own console and the old one of Windows draw boxes where others draw blocks. */
export function detectGlyphs(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Glyphs {
  if (env['TERM'] === 'linux') return plainGlyphs
  const isOldConsole = platform === 'win32' && env['WT_SESSION'] === undefined && env['TERM_PROGRAM'] === undefined
  return isOldConsole && env['CI'] === undefined ? plainGlyphs : unicodeGlyphs
}
