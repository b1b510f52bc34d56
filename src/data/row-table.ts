/** Small enough that a short file costs little, large enough that rows seldom lie in two. */
const pageBytes = 4 * 2 ** 20

/** Rows as JSON texts in memory that all threads share. Plain data: it survives `postMessage`, and is not copied by it. */
export interface SharedRows {
  readonly pages: readonly SharedArrayBuffer[]
  /** Where each row begins, in bytes, and where the last one ends. */
  readonly offsets: SharedArrayBuffer
  readonly count: number
  /** Where rows are lists of values: what these are called. The names once, and not in each row. */
  readonly columns: readonly string[] | undefined
}

/** Takes rows one after the other. What it holds of them lies outside of the heap. */
export class SharedRowsBuilder {
  /** Set where rows are added as lists of values. */
  columns: readonly string[] | undefined

  readonly #pages: SharedArrayBuffer[] = []
  /** The last one. */
  #page: Buffer = Buffer.alloc(0)
  #offsets: Float64Array = new Float64Array(1024)
  #count: number = 0
  #end: number = 0

  get count(): number {
    return this.#count
  }

  add(row: unknown): void {
    const text = JSON.stringify(row)
    const place = this.#end % pageBytes
    // No character takes more than three bytes for each of its UTF-16 units.
    if (place > 0 && place + 3 * text.length <= pageBytes) this.#end += this.#page.write(text, place)
    else this.#write(Buffer.from(text))
    this.#count += 1
    if (this.#count === this.#offsets.length) {
      const larger = new Float64Array(2 * this.#count)
      larger.set(this.#offsets)
      this.#offsets = larger
    }
    this.#offsets[this.#count] = this.#end
  }

  build(): SharedRows {
    const offsets = new SharedArrayBuffer((this.#count + 1) * Float64Array.BYTES_PER_ELEMENT)
    new Float64Array(offsets).set(this.#offsets.subarray(0, this.#count + 1))
    return { pages: this.#pages, offsets, count: this.#count, columns: this.columns }
  }

  #write(bytes: Buffer): void {
    for (let written = 0; written < bytes.length;) {
      const place = this.#end % pageBytes
      if (place === 0) this.#addPage()
      const part = bytes.subarray(written, written + pageBytes - place)
      this.#page.set(part, place)
      written += part.length
      this.#end += part.length
    }
  }

  #addPage(): void {
    const page = new SharedArrayBuffer(pageBytes)
    this.#pages.push(page)
    this.#page = Buffer.from(page)
  }
}

/** Reads a row, which is made anew each time: nobody can change it for the others. */
export function readRow({ pages, offsets, columns }: SharedRows, index: number): unknown {
  const [start = 0, end = 0] = new Float64Array(offsets, index * Float64Array.BYTES_PER_ELEMENT, 2)
  const parts: Buffer[] = []
  for (let at = start; at < end;) {
    const place = at % pageBytes
    const length = Math.min(end - at, pageBytes - place)
    parts.push(Buffer.from(pages[Math.floor(at / pageBytes)] as SharedArrayBuffer, place, length))
    at += length
  }
  const [only = Buffer.alloc(0)] = parts
  const row: unknown = JSON.parse((parts.length === 1 ? only : Buffer.concat(parts)).toString('utf8'))
  return nameRow(columns, row)
}

/** A row as an object, where it is a list of values. */
export function nameRow(columns: readonly string[] | undefined, row: unknown): unknown {
  return columns === undefined ? row : nameValues(columns, row as readonly string[])
}

function nameValues(columns: readonly string[], values: readonly string[]): Record<string, string> {
  const row: Record<string, string> = {}
  for (let index = 0; index < columns.length; index++) {
    const name = columns[index] ?? ''
    // An assignment would set the prototype.
    if (name === '__proto__') Object.defineProperty(row, name, { value: values[index], enumerable: true })
    else row[name] = values[index] ?? ''
  }
  return row
}
