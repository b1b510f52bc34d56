import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runGenerator } from '../support/children.ts'
import { markdownTable } from '../support/markdown.ts'
import type { UsersArguments } from './generator.ts'

/** V8's heap snapshot: `nodes` has `node_fields.length` numbers for each object. */
interface HeapSnapshot {
  readonly snapshot: { readonly meta: { readonly node_fields: string[]; readonly node_types: [string[]] } }
  readonly nodes: readonly number[]
  readonly strings: readonly string[]
}

interface Kind {
  count: number
  bytes: number
}

const fewVUs = 500
const manyVUs = 2500
const shownKinds = 15

/** What the heap holds of each user, largest first: the difference between many of them and few. */
export async function profileHeap(told: Pick<UsersArguments, 'url' | 'waiting'>): Promise<string> {
  const few = await snapshotKinds({ ...told, vus: fewVUs })
  const many = await snapshotKinds({ ...told, vus: manyVUs })
  const rows = [...many]
    .map(([name, { count, bytes }]) => {
      const base = few.get(name) ?? { count: 0, bytes: 0 }
      const users = manyVUs - fewVUs
      return { name, count: (count - base.count) / users, bytes: (bytes - base.bytes) / users }
    })
    .toSorted((left, right) => right.bytes - left.bytes)
    .slice(0, shownKinds)
    .map(({ name, count, bytes }) => [name, count.toFixed(1), bytes.toFixed(0)])
  return markdownTable(['on the heap', 'of each user', 'bytes of each user'], rows)
}

async function snapshotKinds(told: UsersArguments): Promise<Map<string, Kind>> {
  const folder = await mkdtemp(join(tmpdir(), 'vitest-load-bench-'))
  const snapshotFile = join(folder, 'users.heapsnapshot')
  try {
    await runGenerator(new URL('generator.ts', import.meta.url), [JSON.stringify({ ...told, snapshotFile })])
    return countKinds(JSON.parse(await readFile(snapshotFile, 'utf8')) as HeapSnapshot)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function countKinds({ snapshot, nodes, strings }: HeapSnapshot): Map<string, Kind> {
  const { node_fields: fields, node_types: types } = snapshot.meta
  const [type, name, size] = ['type', 'name', 'self_size'].map((field) => fields.indexOf(field)) as [
    number,
    number,
    number,
  ]
  const kinds = new Map<string, Kind>()
  for (let at = 0; at < nodes.length; at += fields.length) {
    const kindOfNode = types[0][nodes[at + type] ?? 0] ?? ''
    // Strings are named by what they say.
    const key = kindOfNode.includes('string') ? 'string' : `${strings[nodes[at + name] ?? 0] ?? ''} (${kindOfNode})`
    const kind = kinds.get(key) ?? { count: 0, bytes: 0 }
    kind.count += 1
    kind.bytes += nodes[at + size] ?? 0
    kinds.set(key, kind)
  }
  return kinds
}
