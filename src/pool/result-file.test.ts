import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunResult } from '../results/run-result.ts'
import { resultsFolder, writeResult } from './result-file.ts'

const write = async (root: string, result: RunResult): Promise<string> => {
  const { resultFile, writeFailure } = await writeResult(root, result)
  return resultFile ?? `failed: ${writeFailure}`
}
const result = {
  runId: 'M1x',
  project: 'load',
  file: 'shop.load.ts',
  scenario: 'Shopping flow: 50 %!',
  startedAt: '2026-11-21T11:02:03.456Z',
} as RunResult

describe('writeResult', () => {
  let root = ''
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'vitest-load-'))
  })
  afterEach(() => rm(root, { recursive: true }))

  it('writes JSON below the root and returns where', async () => {
    const path = await write(root, result)
    expect(path).toMatch(/^\.vitest-load\/results\/20261121T110203456Z-shopping-flow-50-m1x-[0-9a-f]{8}\.json$/)
    expect(JSON.parse(await readFile(join(root, path), 'utf8'))).toEqual(result)
  })

  it('keeps names short and within the folder', async () => {
    const scenarios = ['../../etc/passwd', '日本', 'x'.repeat(500), '\u{20000}'.repeat(500), '注'.repeat(500), '', '%']
    for (const scenario of scenarios)
      await expect(write(root, { ...result, scenario })).resolves.toMatch(/^\.vitest-load\//)
    const names = await readdir(join(root, resultsFolder))
    expect(names).toHaveLength(scenarios.length)
    for (const name of names) {
      expect(name).toMatch(/^20261121T110203456Z-[\p{L}\p{N}-]{1,40}-m1x-[0-9a-f]{8}\.json$/u)
      expect(Buffer.byteLength(name)).toBeLessThan(256)
    }
  })

  it.for([
    ['注文', '注文'],
    [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
    ['Größe ändern', 'größe-ändern'],
    ['Заказ №5', 'заказ-5'],
    ['हिन्दी', 'हिन्दी'],
  ] as const)('keeps the letters of %s', async ([scenario, name]) => {
    const path = await write(root, { ...result, scenario })
    expect(path).toContain(`Z-${name}-m1x-`)
  })

  it('never writes two results to one path', async () => {
    const results = [
      result,
      { ...result, file: 'other.load.ts' },
      { ...result, project: 'staging' },
      { ...result, scenario: 'Shopping flow: 50 €!' },
      result,
    ]
    const paths = await Promise.all(results.map((each) => write(root, each)))
    expect(new Set(paths).size).toBe(results.length)
    for (const [index, path] of paths.entries())
      expect(JSON.parse(await readFile(join(root, path), 'utf8'))).toEqual(results[index])
  })

  it('overwrites nothing and leaves nothing else behind', async () => {
    const first = await write(root, result)
    await writeFile(join(root, first), 'of somebody else')
    await writeFile(join(root, await write(root, { ...result, runId: 'M2x' })) + '.tmp', 'left by a crash')
    const names = new Set<string>()
    for (const runId of ['M1x', 'M1x', 'M2x']) names.add(await write(root, { ...result, runId }))
    expect(names.size).toBe(3)
    expect(await readFile(join(root, first), 'utf8')).toBe('of somebody else')
    const left = await readdir(join(root, resultsFolder))
    expect(left.filter((name) => !name.endsWith('.json'))).toHaveLength(1)
    expect(left).toHaveLength(6)
  })

  it('never shows half a result', async () => {
    const folder = join(root, resultsFolder)
    const large = { ...result, warnings: Array.from({ length: 20_000 }, (_, index) => `warning ${index}`) }
    const writing = Promise.all(['a', 'b', 'c', 'd'].map((scenario) => write(root, { ...large, scenario })))
    const seen: unknown[] = []
    while (seen.length < 4) {
      const names = await readdir(folder).catch(() => [])
      for (const name of names.filter((each) => each.endsWith('.json')))
        seen.push(JSON.parse(await readFile(join(folder, name), 'utf8')))
    }
    await writing
    expect(seen.every((each) => (each as RunResult).warnings.length === 20_000)).toBe(true)
  })

  it.for([
    ['a file', (path: string) => writeFile(path, ''), 'file already exists (EEXIST). Move away what is in the way'],
    [
      'a link to nowhere',
      (path: string) => symlink('/proc/self/nothing', path),
      'no such file or directory (ENOENT). Move',
    ],
    ['a link to itself', (path: string) => symlink('results', path), 'too many symbolic links encountered (ELOOP)'],
  ] as const)('says why it could not write where the folder is %s', async ([, obstruct, reason]) => {
    await mkdir(join(root, '.vitest-load'))
    await obstruct(join(root, resultsFolder))
    expect(await write(root, result)).toContain(`failed: not written to .vitest-load/results: ${reason}`)
  })

  it('says why there is no JSON of a result', async () => {
    const circular: Record<string, unknown> = { ...result }
    circular['timeline'] = [circular]
    const written = await write(root, circular as unknown as RunResult)
    expect(written).toContain('failed: not written to .vitest-load/results: Converting circular structure to JSON')
    expect(written).not.toContain('\n')
  })
})
