/** The part of something that a client asked for, from `first` to `last`, both included. */
export interface ByteRange {
  first: number
  last: number
}

const singleRange = /^bytes=(\d*)-(\d*)$/

/**
 * Reads a `range` header (RFC 9110, section 14.2). `undefined` where all is to be sent: without the header, and for what
 * is no single range of bytes.
 *
 * @param length - of the whole, in bytes
 * @returns `'unsatisfiable'` for a range that lies behind the end
 */
export function parseRange(header: string | undefined, length: number): ByteRange | 'unsatisfiable' | undefined {
  const [, from, to] = singleRange.exec(header ?? '') ?? []
  if (from === undefined || to === undefined || from + to === '') return undefined
  // Without a start: the last so many bytes.
  const first = from === '' ? Math.max(0, length - Number(to)) : Number(from)
  const last = from === '' || to === '' ? length - 1 : Math.min(Number(to), length - 1)
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined
  return first > last ? 'unsatisfiable' : { first, last }
}
