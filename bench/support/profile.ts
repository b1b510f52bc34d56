import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runGenerator } from './children.ts'
import { markdownTable } from './markdown.ts'

/** What V8 writes with `--cpu-prof`. */
interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { functionName: string; url: string } }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const shownParts = 8
const shownFunctions = 12

/** Profiles a generator and tells where its time goes: by part of the code, and the functions at the top. */
export async function profileGenerator(script: URL, args: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vitest-load-bench-'))
  try {
    await runGenerator(script, args, ['--cpu-prof', `--cpu-prof-dir=${folder}`])
    const [file = ''] = await readdir(folder)
    return render(JSON.parse(await readFile(join(folder, file), 'utf8')) as CpuProfile)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function render({ nodes, samples, timeDeltas }: CpuProfile): string {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const parts = new Map<string, number>()
  const functions = new Map<string, number>()
  let busyUs = 0
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id)
    if (frame === undefined || frame.functionName === '(idle)') continue
    const us = timeDeltas[index] ?? 0
    const part = partOf(frame.url, frame.functionName)
    busyUs += us
    parts.set(part, (parts.get(part) ?? 0) + us)
    const name = `${frame.functionName === '' ? '(anonymous)' : frame.functionName} – ${placeOf(frame.url)}`
    functions.set(name, (functions.get(name) ?? 0) + us)
  }
  const rows = (counts: ReadonlyMap<string, number>, most: number): string[][] =>
    [...counts]
      .toSorted((left, right) => right[1] - left[1])
      .slice(0, most)
      .map(([name, us]) => [name, `${((us / busyUs) * 100).toFixed(1)} %`])
  const byPart = markdownTable(['part of the whole process, warm-up included', 'own time'], rows(parts, shownParts))
  return `${byPart}\n\n${markdownTable(['function', 'own time'], rows(functions, shownFunctions))}`
}

/** `src/http`, `undici`, `node:net`, or what V8 calls it: `(garbage collector)`. */
function partOf(url: string, functionName: string): string {
  if (url === '') return functionName.startsWith('(') ? functionName : 'built in'
  const own = /\/(src\/[^/]+|bench)\//.exec(url)?.[1]
  const library = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1]
  return library ?? own ?? (url.startsWith('node:') ? 'node' : 'other')
}

function placeOf(url: string): string {
  return url === '' ? 'built in' : url.replace(/^file:.*\/(?=src\/|bench\/)|^file:.*\/node_modules\//, '')
}
