import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunResult } from 'vitest-load'
import { expect } from 'vitest'
import { answers } from './answers.ts'
import { authority } from './certificates.ts'
import { startRawServer } from './raw-server.ts'
import { startDeadEnds, startMortal, startTlsServers } from './targets.ts'
import { createProject } from '../project.ts'

/**
 * `faulty`: four virtual users meet every fault twice, four others work undisturbed beside them. `cut`: what would go on
 * for ever. `comes back`: a server dies with requests in its hands, refuses some, and is there again.
 */
const spec = `
  import { inject } from 'vitest'
  import { http, scenario, step, think, vu } from 'vitest-load'
  const { url, paths } = inject('targets')
  const slo = { errorRate: false }
  const attempt = (name, fault) => step(name, fault).catch(() => {})

  const endless = /^.(no-|half|stalled|endless)/
  const faults = {
    ...Object.fromEntries(paths.map((path) => [path, () => http.get(path, endless.test(path) ? { timeout: '200ms' } : {})])),
    '/stale': async () => { await http.get('/stale'); await http.get('/stale') },
    '/gigantic': () => (vu.id === 1 ? http.get('/gigantic') : undefined),
    refused: () => http.get('http://127.0.0.1:1/'),
    unreachable: () => http.get('http://255.255.255.255/'),
    'no name': () => http.get('http://nothing.invalid/'),
    'self-signed': () => http.get(url.selfSigned),
    'wrong host': () => http.get(url.wrongHost),
    'wrong name': () => http.get(url.wrongHost.replace('127.0.0.1', 'localhost')),
    expired: () => http.get(url.expired),
    'old TLS': () => http.get(url.oldTls),
    'no TLS': () => http.get(url.noTls),
    'TLS reset': () => http.get(url.hangsUp),
    trusted: () => http.get(url.trusted),
  }
  scenario('faulty', { load: { vus: 8, iterationsPerVU: 2, maxDuration: '30s', gracefulStop: '1s' }, slo }, async () => {
    if (vu.id > 4) {
      for (let count = 0; count < 50; count++) {
        await step('beside', () => http.get('/ok').expect(200))
        await think('5ms')
      }
      return
    }
    const slow = vu.iteration > 0 ? [] : [
      attempt('connect hangs', () => http.get(url.fullBacklog)),
      attempt('handshake hangs', () => http.get(url.silent)),
    ]
    for (const [name, fault] of Object.entries(faults)) {
      await attempt(name, fault)
      await step('after', () => http.get('/ok').expect(200))
    }
    await Promise.all(slow)
  })

  const insist = async (target) => { for (;;) try { await http.get(target) } catch {} }
  const hanging = {
    'no headers': () => http.get('/no-headers'),
    'stalled body': () => http.get('/stalled-body'),
    'endless body': () => http.get('/endless-body'),
    'connect': () => http.get(url.fullBacklog),
    'handshake': () => http.get(url.silent),
    'retries refused': () => insist('http://127.0.0.1:1/'),
    'retries malformed': () => insist('http://[bad'),
    'retries foreign': () => insist('http://198.51.100.1/'),
  }
  scenario('cut', { load: { vus: 8, duration: '500ms', gracefulStop: '100ms' }, slo }, async () => {
    await step(...Object.entries(hanging)[vu.id - 1])
  })

  const phases = [
    () => step('before', async () => { for (let count = 0; count < 20; count++) await http.get(url.mortal) }),
    async () => {
      await attempt('held', () => http.get(url.mortal.replace('/ok', '/held')))
      await step('meanwhile', async () => { for (let count = 0; count < 5; count++) await http.get(url.mortal).catch(() => {}) })
      await http.get(url.control + '/revive').expect(204)
    },
    () => step('again', async () => { for (let count = 0; count < 20; count++) await http.get(url.mortal) }),
  ]
  scenario('comes back', { load: { vus: 4, iterationsPerVU: 3, maxDuration: '20s', gracefulStop: '1s' }, slo }, () => phases[vu.iteration]())
`

/** What four virtual users that meet a fault twice make of it. */
const faultyTwice: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  '/ok': { ok: 8 },
  '/reset-before': { failed: 8, reset: 8 },
  '/reset-in-body': { failed: 8, reset: 8 },
  '/close': { failed: 8, reset: 8 },
  '/stale': { failed: 8, reset: 8 },
  '/no-headers': { failed: 8, timeout: 8 },
  '/half-headers': { failed: 8, timeout: 8 },
  '/stalled-body': { failed: 8, timeout: 8 },
  '/endless-body': { failed: 8, timeout: 8 },
  '/endless-hints': { failed: 8, timeout: 8 },
  '/short-body': { failed: 8, protocol: 8 },
  '/both-lengths': { failed: 8, protocol: 8 },
  '/two-lengths': { failed: 8, protocol: 8 },
  '/bad-chunk': { failed: 8, protocol: 8 },
  '/bad-status': { failed: 8, protocol: 8 },
  '/not-http': { failed: 8, protocol: 8 },
  '/big-headers': { failed: 8, protocol: 8 },
  '/gigantic': { ok: 6, failed: 2, protocol: 2 },
  '/bad-gzip': { failed: 8, protocol: 8 },
  '/bomb': { failed: 8, protocol: 8 },
  '/redirects': { failed: 8, protocol: 8 },
  '/continue': { failed: 8, protocol: 8 },
  '/switching': { failed: 8, protocol: 8 },
  '/processing': { ok: 8 },
  '/early-hints': { ok: 8 },
  '/surplus': { ok: 8 },
  refused: { failed: 8, connect: 8 },
  unreachable: { failed: 8, connect: 8 },
  'no name': { failed: 8, dns: 8 },
  'self-signed': { failed: 8, tls: 8 },
  'wrong host': { failed: 8, tls: 8 },
  'wrong name': { failed: 8, tls: 8 },
  expired: { failed: 8, tls: 8 },
  'old TLS': { failed: 8, tls: 8 },
  'no TLS': { failed: 8, tls: 8 },
  'TLS reset': { failed: 8, reset: 8 },
  trusted: { ok: 8 },
  // The second time would take as long again.
  'connect hangs': { failed: 4, connect: 4 },
  'handshake hangs': { failed: 4, connect: 4 },
}

/** Counts what misbehaving targets do by its category, harms no other user, and ends in time. */
export async function proveCounts(threads: number): Promise<void> {
  const server = await startRawServer()
  const mortal = await startMortal(4)
  const tls = await startTlsServers()
  const url = {
    ...(await startDeadEnds()),
    ...Object.fromEntries(Object.entries(tls).map(([name, target]) => [name, target.url])),
    mortal: `${mortal.server.url}/ok`,
    control: mortal.control.url,
  }
  const provide = JSON.stringify({ targets: { url, paths: Object.keys(answers) } })
  const load =
    `baseUrl: '${server.url}', targets: ['http://255.255.255.255', 'http://nothing.invalid'], threads: ${threads}, ` +
    `connectTimeout: '3s', config: { test: { provide: ${provide} } },`
  const project = await createProject({ 'a.spec.ts': spec }, { load, functional: '' })
  const authorityFile = join(project.folder, 'authority.pem')
  await writeFile(authorityFile, authority)
  const run = await project.vitest(['run', '--project', 'load'], { NODE_EXTRA_CA_CERTS: authorityFile })
  expect(run.exitCode).toBe(1)
  expect(run.stderr).not.toContain('Unhandled')
  expect(Object.fromEntries([...run.tests].map(([name, { status }]) => [name, status]))).toEqual({
    'faulty load': 'passed',
    'cut load': 'failed',
    'comes back load': 'passed',
  })

  const faulty = resultOf(run.results, 'faulty')
  expect(faulty.durationMs).toBeLessThan(31_000 + 5000)
  expect(faulty.iterations).toMatchObject({ started: 16, ok: 8, failed: 8, aborted: 0 })
  const faults = Object.keys(faultyTwice).length - 2
  expect(stepsOf(faulty)).toEqual({ ...faultyTwice, after: { ok: 8 * faults }, beside: { ok: 400 } })
  expect(faulty.errors.some(({ category }) => category === 'generator')).toBe(false)
  expect(requestsOf(faulty)).toMatchObject({
    '/redirects': { ok: 80, failed: 8 },
    '/stale': { ok: 8, failed: 8 },
    '/gigantic': { ok: 0, failed: 2 },
  })
  const connections = Object.entries(tls).map(([name, target]) => [name, target.connections()])
  const met = { selfSigned: 8, wrongHost: 16, expired: 8, oldTls: 8, trusted: 4 }
  expect(Object.fromEntries(connections)).toEqual(met)

  const cut = resultOf(run.results, 'cut')
  expect(cut.durationMs).toBeLessThan(600 + 5000)
  expect(cut.iterations).toMatchObject({ started: 8, ok: 0, failed: 0, aborted: 8 })
  expect(cut.requests.aborted).toBe(8)
  expect(cut.requests.started).toBe(cut.requests.failed + cut.requests.aborted)
  for (const path of Object.keys(answers)) {
    const [inFaulty, inCut] = [requestsOf(faulty)[path], requestsOf(cut)[path]]
    const sent = [inFaulty, inCut].reduce(
      (sum, counts) => sum + (counts?.ok ?? 0) + (counts?.failed ?? 0) + (counts?.aborted ?? 0),
      0,
    )
    expect([path, sent]).toEqual([path, server.requests.get(path)])
  }

  const comesBack = resultOf(run.results, 'comes back')
  expect(comesBack.iterations).toMatchObject({ started: 12, ok: 8, failed: 4, aborted: 0 })
  expect(stepsOf(comesBack)).toEqual({
    before: { ok: 4 },
    held: { failed: 4, reset: 4 },
    meanwhile: { failed: 4, connect: 20 },
    again: { ok: 4 },
  })
  expect(comesBack.requests).toMatchObject({ started: 188, ok: 164, failed: 24, aborted: 0 })
  expect([...mortal.server.requests]).toEqual([
    ['/ok', 160],
    ['/held', 4],
  ])
}

/** The outcomes of each step, and how often each category was met in it; without zeros. */
function stepsOf(result: RunResult): Record<string, Record<string, number>> {
  const steps: Record<string, Record<string, number>> = {}
  for (const { kind, name, ok, failed, aborted } of result.series) {
    if (kind !== 'step') continue
    steps[name] = Object.fromEntries(Object.entries({ ok, failed, aborted }).filter(([, count]) => count > 0))
  }
  for (const { step, category, count } of result.errors) {
    const counts = (steps[step] ??= {})
    counts[category] = (counts[category] ?? 0) + count
  }
  return steps
}

/** The outcomes of the requests to the base URL, by path. */
function requestsOf(result: RunResult): Record<string, { ok: number; failed: number; aborted: number }> {
  const series = result.series.filter(({ kind, name }) => kind === 'request' && name.startsWith('GET /'))
  return Object.fromEntries(series.map(({ name, ok, failed, aborted }) => [name.slice(4), { ok, failed, aborted }]))
}

function resultOf(results: ReadonlyMap<string, RunResult>, scenario: string): RunResult {
  const result = results.get(scenario)
  if (result === undefined) throw new Error(`There is no result for '${scenario}'.`)
  return result
}
