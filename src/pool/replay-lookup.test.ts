import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findReplay } from './replay-lookup.ts'
import { resultsFolder } from './result-file.ts'

const exemplar = { vu: 3, iteration: 12, seed: 99, globalIteration: 40, rows: { user: 7 }, response: '' }
const failure = {
  category: 'http_5xx',
  message: 'answered 500',
  step: 'login',
  request: 'POST /login',
  count: 2,
  firstSeenMs: 5,
}
const row = (id: string, more: object = {}): object => ({ id, ...failure, exemplar, ...more })
const run = {
  runId: 'r1',
  scenario: 'shop',
  file: 'shop.spec.ts',
  project: 'load',
  startedAt: '2026-01-01T00:00:00.000Z',
  seed: 1,
  vus: 5,
  baseUrl: 'http://127.0.0.1:1',
}
const result = (errors: readonly object[], more: object = {}): object => ({ ...run, errors, ...more })

const many = Array.from({ length: 200 }, (_, index) => `1-${index}.json`)

async function folderWith(files: Readonly<Record<string, unknown>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'vitest-load-replay-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  await mkdir(join(root, resultsFolder), { recursive: true })
  for (const [name, content] of Object.entries(files))
    await writeFile(join(root, resultsFolder, name), typeof content === 'string' ? content : JSON.stringify(content))
  return root
}

const find = (root: string, id: string, path?: string): ReturnType<typeof findReplay> =>
  findReplay(root, { id, path }, (project) => project === 'load')

describe('findReplay', () => {
  it('takes the newest result that has the failure', async () => {
    const root = await folderWith({
      '20260101-a.json': result([row('aaaaaa', { exemplar: { ...exemplar, vu: 1 } })]),
      '20260102-b.json': result([row('aaaaaa', { exemplar: { ...exemplar, vu: 2 } })]),
      '20260103-c.json': result([row('bbbbbb')]),
      '20260104-d.json': 'no result at all',
    })
    expect(find(root, 'aaaaaa')).toMatchObject({ id: 'aaaaaa', vu: 2, iteration: 12, seed: 99, rows: { user: 7 } })
    expect(find(root, 'aaaaaa', `${resultsFolder}/20260101-a.json`)).toMatchObject({ vu: 1, runSeed: 1 })
  })

  it('lists the failures of the newest run where it knows of none with that id', async () => {
    const root = await folderWith({
      '20260101-a.json': result([row('aaaaaa')], { runId: 'r0' }),
      '20260102-b.json': result([row('bbbbbb'), row('hhhhhh', { exemplar: { ...exemplar, inHook: true } })]),
      '20260103-c.json': result([row('cccccc', { count: 9 })], { scenario: 'other' }),
    })
    expect(() => find(root, 'zzzzzz')).toThrow(
      `no failure of the 3 results in ${resultsFolder} has the id 'zzzzzz'. Those of the newest run are:
  cccccc  http_5xx: answered 500 ('other')
  bbbbbb  http_5xx: answered 500 ('shop')`,
    )
  })

  it('looks into the newest results alone where there are many, and says so', async () => {
    const old = { '0-old.json': result([row('aaaaaa')]) }
    const root = await folderWith({
      ...old,
      ...Object.fromEntries(many.map((name) => [name, result([row('bbbbbb')])])),
    })
    expect(() => find(root, 'aaaaaa')).toThrow(`no failure of the 200 newest results in ${resultsFolder}`)
    expect(() => find(root, 'aaaaaa')).toThrow('write its path before the id')
    expect(find(root, 'aaaaaa', `${resultsFolder}/0-old.json`)).toMatchObject({ id: 'aaaaaa' })
  })

  it('says that there are no results', async () => {
    expect(() => find('/nowhere', 'zzzzzz')).toThrow(/has the id 'zzzzzz'\. Run the load first/)
  })

  it.each([
    ['a hook', { exemplar: { ...exemplar, inHook: true } }, 'was met in a hook'],
    ['no iteration', { exemplar: undefined }, 'has no iteration'],
    ['what was cut', { category: 'aborted' }, 'was cut by vitest-load itself'],
  ])('refuses %s', async (_, more, expected) => {
    const root = await folderWith({ 'a.json': result([row('aaaaaa', more)]) })
    expect(() => find(root, 'aaaaaa')).toThrow(expected)
  })

  it('refuses a project that is not to run', async () => {
    const root = await folderWith({ 'a.json': result([row('aaaaaa')], { project: 'staging' }) })
    expect(() => find(root, 'aaaaaa')).toThrow(
      `is a failure of the project "staging". Run it with --project "staging".`,
    )
  })

  it('refuses a file that cannot be read, or is no result', async () => {
    const root = await folderWith({ 'a.json': '{}' })
    expect(() => find(root, 'aaaaaa', 'none.json')).toThrow('"none.json" cannot be read: ENOENT')
    expect(() => find(root, 'aaaaaa', `${resultsFolder}/a.json`)).toThrow('it holds no result of this version')
  })
})
