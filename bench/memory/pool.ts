import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatorCore, startServer } from '../support/children.ts'
import { removeResults, runSpec } from '../support/fixture.ts'
import type { Note, NoteOptions } from './notes.ts'
import type { Weighing } from './weighing.ts'

/** Runs a spec through Vitest and the pool, on one thread and against a server on loopback. */
export async function weighPool(checkpoints: readonly number[]): Promise<Weighing[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vitest-load-bench-'))
  const notes: NoteOptions = { file: join(folder, 'notes.jsonl'), checkpoints }
  const server = await startServer(new URL('../http/server.ts', import.meta.url))
  try {
    // A little more, so that a progress report follows the last checkpoint.
    const iterations = Math.ceil(Math.max(...checkpoints) / 1.1) + 100_000
    const env = {
      LOAD_VUS: '50',
      LOAD_ITERATIONS: String(iterations),
      LOAD_THREADS: '1',
      LOAD_BASE_URL: server.url,
      BENCH_NOTES: JSON.stringify(notes),
    }
    const reporter = fileURLToPath(new URL('main-reporter.ts', import.meta.url))
    await runSpec('memory.spec.ts', env, generatorCore, ['--reporter=default', `--reporter=${reporter}`])
    return readNotes(await readFile(notes.file, 'utf8'), checkpoints)
  } finally {
    await server.stop()
    await removeResults()
    await rm(folder, { recursive: true })
  }
}

function readNotes(text: string, checkpoints: readonly number[]): Weighing[] {
  const notes = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Note]))
  return checkpoints.map((requests) => {
    const bytes = (where: Note['where']): number =>
      notes.find((note) => note.where === where && note.requests === requests)?.bytes ?? Number.NaN
    return { requests, thread: bytes('thread'), main: bytes('main') }
  })
}
