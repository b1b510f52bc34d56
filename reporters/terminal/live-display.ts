import type { Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { isCi } from './paint.ts'
import { displayWidth } from './width.ts'

/** A standard stream, or what a caller of Vitest's API put in its place. */
export type TerminalStream = Writable & { readonly isTTY?: boolean; readonly columns?: number }

type Write = (chunk: string | Uint8Array, ...rest: unknown[]) => boolean

interface Tap {
  readonly stream: TerminalStream
  /** What the stream did before. */
  readonly write: Write
  readonly replacement: Write
  readonly previous: PropertyDescriptor | undefined
}

const eraseDown = '\u001b[J'
const fallbackColumns = 80
/** How often a line is held back for an unfinished one of somebody else: dots of a reporter may never end in time. */
const patience = 5

/**
 * Whether lines can be redrawn on this stream. Not while its `write` has been replaced already: Vitest's summary
 * window does that, and two that erase lines would erase each other's.
 */
export function canRedraw(stream: TerminalStream, env: NodeJS.ProcessEnv): boolean {
  if (stream.isTTY !== true || isCi(env) || env['TERM'] === 'dumb') return false
  return stream.write === (Object.getPrototypeOf(stream) as TerminalStream).write
}

/**
 * Lines that stay at the bottom of a terminal while others print above them: every foreign write first erases them and
 * then draws them anew. All streams that end in that terminal are watched, but only while lines are shown.
 */
export class LiveDisplay {
  readonly #target: TerminalStream
  readonly #streams: readonly TerminalStream[]
  #taps: Tap[] = []
  #lines: readonly string[] = []
  #drawn: readonly string[] = []
  /** Somebody's line is not finished: ours has to wait, or it would be glued to it. */
  #midLine: boolean = false
  #heldBack: number = 0

  /** Draws on `target`; `neighbours` are other streams that may end in the same terminal. */
  constructor(target: TerminalStream, neighbours: readonly TerminalStream[]) {
    this.#target = target
    this.#streams = [...new Set([target, ...neighbours.filter((stream) => stream.isTTY === true)])]
  }

  /** Columns that a line may fill without being wrapped by the terminal. */
  get columns(): number {
    return Math.max(20, this.#terminalColumns() - 1)
  }

  show(lines: readonly string[]): void {
    if (lines.length === 0) {
      this.clear()
      return
    }
    if (this.#taps.length === 0) this.#taps = this.#streams.map((stream) => this.#tap(stream))
    this.#lines = lines
    this.#heldBack = this.#midLine ? this.#heldBack + 1 : 0
    if (this.#heldBack > patience) {
      this.#midLine = false
      this.#write('\n')
    }
    this.#redraw(this.#eraseSequence())
  }

  /** Removes the lines and gives the streams back. */
  clear(): void {
    const erase = this.#eraseSequence()
    if (erase !== '') this.#write(erase)
    this.#lines = []
    this.#drawn = []
    this.#midLine = false
    for (const tap of this.#taps.splice(0)) release(tap)
  }

  #tap(stream: TerminalStream): Tap {
    const previous = Object.getOwnPropertyDescriptor(stream, 'write')
    const write = stream.write.bind(stream) as Write
    const replacement: Write = (chunk, ...rest) => this.#forward(write, chunk, rest)
    Object.defineProperty(stream, 'write', { value: replacement, writable: true, configurable: true })
    return { stream, write, replacement, previous }
  }

  #forward(write: Write, chunk: string | Uint8Array, rest: unknown[]): boolean {
    if (this.#lines.length === 0) return write(chunk, ...rest)
    const erase = this.#eraseSequence()
    if (erase !== '') this.#write(erase)
    this.#drawn = []
    const accepted = write(chunk, ...rest)
    this.#midLine = endsMidLine(chunk, this.#midLine)
    this.#redraw('')
    return accepted
  }

  #redraw(erase: string): void {
    this.#drawn = this.#midLine ? [] : this.#lines
    const text = `${erase}${this.#drawn.join('\n')}`
    if (text !== '') this.#write(text)
  }

  /** Rows are counted for the terminal's present width: it may have become narrower since. */
  #eraseSequence(): string {
    if (this.#drawn.length === 0) return ''
    const columns = this.#terminalColumns()
    const rows = this.#drawn.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(displayWidth(stripVTControlCharacters(line)) / columns)),
      0,
    )
    return `\r${rows > 1 ? `\u001b[${rows - 1}A` : ''}${eraseDown}`
  }

  /** A pseudo-terminal to which nobody has told its size has 0 columns. */
  #terminalColumns(): number {
    const { columns = 0 } = this.#target
    return columns > 0 ? columns : fallbackColumns
  }

  #write(text: string): void {
    this.#taps.find(({ stream }) => stream === this.#target)?.write(text)
  }
}

/** Somebody who replaced `write` after us keeps his; our replacement then only passes on. */
function release({ stream, replacement, previous }: Tap): void {
  if (Reflect.get(stream, 'write') !== replacement) return
  if (previous === undefined) Reflect.deleteProperty(stream, 'write')
  else Object.defineProperty(stream, 'write', previous)
}

/** Whether the cursor is left within a line. Escape sequences alone do not move it there. */
function endsMidLine(chunk: string | Uint8Array, before: boolean): boolean {
  const text = typeof chunk === 'string' ? chunk.slice(-4096) : Buffer.from(chunk.subarray(-4096)).toString('utf8')
  const visible = stripVTControlCharacters(text)
  return visible === '' ? before : !visible.endsWith('\n')
}
