import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject, type Project } from './project.ts'

const spec = `
import { check, expectLatency, http, scenario, step } from 'vitest-load'

const shop = scenario('shop', { load: { vus: 2, iterations: 20 } }, async () => {
  const response = await step('browse', () => http.get('/'))
  check('is there', response.status === 200)
})
expectLatency(shop.step('browse')).p(50).toBeBelow(process.env.LIMIT)
`

/** Whatever is in the place of the results is put there once the run has started. */
const obstruct = `
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
export default function () {
  if (process.env.RESULTS === undefined) return writeFileSync('.vitest-load', '')
  mkdirSync('.vitest-load')
  symlinkSync(process.env.RESULTS, '.vitest-load/results')
}
`

async function createShop(): Promise<Project> {
  const server = await startServer((_request, response) => json(response, {}))
  const load = `baseUrl: '${server.url}', globalSetup: './obstruct.ts',`
  return createProject({ 'a.spec.ts': spec, 'obstruct.ts': obstruct }, { load })
}

/** What a report says from its first line to the verdict, the figures aside. */
const completeReport =
  /^ shop ─[^]+ Load {2}[^]+ Result {2}not written[^]+ iterations +20 [^]+ browse +20 [^]+ is there +20 [^]+SLOs [^]+ (?:PASS|FAIL) {2}shop: /m

it('tells that the results cannot be written, and judges the load all the same', async () => {
  const project = await createShop()
  const { exitCode, stdout, tests } = await project.vitest(['run', '--project', 'load'], { LIMIT: '30s' })
  expect(stdout).toMatch(completeReport)
  expect(unwrap(stdout)).toContain(
    'Result not written to .vitest-load/results: not a directory (ENOTDIR). ' +
      'Move away what is in the way of that folder; this report is complete without it.',
  )
  expect([...tests.values()].map((test) => test.status)).toEqual(['passed', 'passed'])
  expect(exitCode).toBe(0)
})

it('tells that the disk is full, leaves no half result behind, and fails for the breach alone', async ({ skip }) => {
  const project = await createShop()
  const disk = await mountTinyDisk(join(project.folder, 'disk'))
  if (disk === undefined) return skip('this machine does not allow to mount a disk in a namespace of its own')
  const { exitCode, stdout, tests } = await project.vitest(['run', '--project', 'load'], {
    LIMIT: '1us',
    RESULTS: disk,
  })
  expect(stdout).toMatch(completeReport)
  expect(unwrap(stdout)).toContain(
    'Result not written to .vitest-load/results: no space left on device (ENOSPC). ' +
      'Free space on that disk; this report is complete without it.',
  )
  expect(await readdir(disk)).toEqual([])
  expect([...tests.values()].map((test) => test.status)).toEqual(['passed', 'failed'])
  expect(exitCode).toBe(1)
})

const mount = 'mount -t tmpfs -o size=4k none "$0" && echo mounted && exec cat'

/**
 * Mounts a disk of one page, and returns a path that leads there: only the process that holds the mount sees it at
 * `folder`. It goes when that process ends.
 */
async function mountTinyDisk(folder: string): Promise<string | undefined> {
  await mkdir(folder)
  const script = `exec unshare --map-root-user --mount sh -c '${mount}' "$0"`
  const holder = spawn('sh', ['-c', script, folder], { stdio: ['pipe', 'pipe', 'ignore'] })
  const ended = once(holder, 'close')
  onTestFinished(async () => {
    holder.stdin.end()
    await ended.catch(() => {})
  })
  const mounted = await Promise.race([
    once(holder.stdout, 'data').then(() => true),
    ended.then(
      () => false,
      () => false,
    ),
  ])
  if (!mounted) return undefined
  const path = `/proc/${holder.pid}/root${folder}`
  return readdir(path).then(
    () => path,
    () => undefined,
  )
}

/** The text without its line breaks and indentation. */
function unwrap(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
