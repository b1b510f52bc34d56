import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunResult } from '../results/run-result.ts'
import { resultsFolder, writeResult } from './result-file.ts'

const result = { runId: 'M1x', scenario: 'Shopping flow: 50 %!', startedAt: '2026-11-21T11:02:03.456Z' } as RunResult

describe('writeResult', () => {
  let root = ''
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'vitest-load-'))
  })
  afterEach(() => rm(root, { recursive: true }))

  it('writes JSON below the root and returns where', async () => {
    const path = await writeResult(root, result)
    expect(path).toBe('.vitest-load/results/20261121T110203456Z-shopping-flow-50-m1x.json')
    expect(JSON.parse(await readFile(join(root, path ?? ''), 'utf8'))).toEqual(result)
  })

  it('keeps names short and within the folder', async () => {
    for (const scenario of ['../../etc/passwd', '日本', 'x'.repeat(500), ''])
      await writeResult(root, { ...result, scenario })
    const names = await readdir(join(root, resultsFolder))
    expect(names).toHaveLength(3)
    for (const name of names) expect(name).toMatch(/^20261121T110203456Z-[a-z0-9-]{1,60}-m1x\.json$/)
  })

  it('gives nothing where it cannot write', async () => {
    const file = join(root, 'a-file')
    await writeFile(file, '')
    await expect(writeResult(file, result)).resolves.toBeUndefined()
  })
})
