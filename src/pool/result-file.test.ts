import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunResult } from '../results/run-result.ts'
import { resultsFolder, writeResult } from './result-file.ts'

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
    const path = await writeResult(root, result)
    expect(path).toMatch(/^\.vitest-load\/results\/20261121T110203456Z-shopping-flow-50-m1x-[0-9a-f]{8}\.json$/)
    expect(JSON.parse(await readFile(join(root, path ?? ''), 'utf8'))).toEqual(result)
  })

  it('keeps names short and within the folder', async () => {
    const scenarios = ['../../etc/passwd', '日本', 'x'.repeat(500), '\u{20000}'.repeat(500), '注'.repeat(500), '', '%']
    for (const scenario of scenarios)
      await expect(writeResult(root, { ...result, scenario })).resolves.toEqual(expect.any(String))
    const names = await readdir(join(root, resultsFolder))
    expect(names).toHaveLength(scenarios.length)
    for (const name of names) {
      expect(name).toMatch(/^20261121T110203456Z-[\p{L}\p{N}-]{1,40}-m1x-[0-9a-f]{8}\.json$/u)
      expect(Buffer.byteLength(name)).toBeLessThan(256)
    }
  })

  it.for([
    ['注文', '注文'],
    ['Größe ändern', 'größe-ändern'],
    ['Заказ №5', 'заказ-5'],
    ['हिन्दी', 'हिन्दी'],
  ] as const)('keeps the letters of %s', async ([scenario, name]) => {
    const path = await writeResult(root, { ...result, scenario })
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
    const paths = await Promise.all(results.map((each) => writeResult(root, each)))
    expect(new Set(paths).size).toBe(results.length)
    for (const [index, path] of paths.entries())
      expect(JSON.parse(await readFile(join(root, path ?? ''), 'utf8'))).toEqual(results[index])
  })

  it('gives nothing where it cannot write', async () => {
    const file = join(root, 'a-file')
    await writeFile(file, '')
    await expect(writeResult(file, result)).resolves.toBeUndefined()
  })
})
