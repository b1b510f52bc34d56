import { appendFileSync } from 'node:fs'
import { liveBytes } from './heap.ts'

// What a run through the pool weighs, written down by its thread and by its main process, line by line.

/** What was alive in a process or thread after so many requests. */
export interface Note {
  readonly where: 'thread' | 'main'
  readonly requests: number
  readonly bytes: number
}

/** Told to the run by the benchmark. */
export interface NoteOptions {
  readonly file: string
  readonly checkpoints: readonly number[]
}

const options = JSON.parse(process.env['BENCH_NOTES'] ?? '{"file":"","checkpoints":[]}') as NoteOptions
let next = 0

/** How many requests so many iterations of the fixture make. */
export function requestsOf(iterations: number): number {
  return Math.floor(iterations * 1.1)
}

/** Weighs at the first call past each checkpoint. */
export function noteWeight(where: Note['where'], requests: number): void {
  const checkpoint = options.checkpoints[next]
  if (checkpoint === undefined || requests < checkpoint) return
  next += 1
  const note: Note = { where, requests: checkpoint, bytes: liveBytes() }
  appendFileSync(options.file, `${JSON.stringify(note)}\n`)
}
