import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunResult } from 'vitest-load'
import { expect, it } from 'vitest'
import { goAway, http2Faults, type Http2Fault } from '../../src/http/fixtures/http2-faults.ts'
import { startProxy, type TestProxy } from '../../src/http/fixtures/proxy.ts'
import { proxyFaults } from '../../src/http/fixtures/proxy-faults.ts'
import { endHeaders, endStream, frame, startFrames, status200 } from '../../src/http/fixtures/raw-http2-server.ts'
import { authority, trusted } from './misbehaving-targets/certificates.ts'
import { createProject } from './project.ts'

/** Four virtual users meet every fault twice, and a server that is well after each; a fifth meets the latter only. */
const users = 4
const rounds = 2
const specOf = (name: string): string => `
  import { inject } from 'vitest'
  import { http, scenario, step, vu } from 'vitest-load'
  const { urls, well } = inject('targets')
  const load = { vus: ${users + 1}, iterationsPerVU: ${rounds}, maxDuration: '30s', gracefulStop: '1s' }
  scenario('${name}', { load, slo: { errorRate: false } }, async () => {
    if (vu.id > ${users}) return void (await step('beside', () => http.get(well).expect(200)))
    for (const [name, url] of Object.entries(urls)) {
      await step(name, () => http.get(url, { timeout: /silence|stops/.test(name) ? '500ms' : '20s' })).catch(() => {})
      await step('after', () => http.get(well).expect(200))
    }
  })
`

const faults: readonly Http2Fault[] = [
  ...http2Faults,
  { name: 'sessions that have not seen it', category: 'protocol', message: /GOAWAY/, sent: 2, act: goAway(0, 0) },
]

interface FaultyServer {
  readonly url: string
  readonly sent: number
  readonly requests: () => number
}

async function startFaulty({ act, sent = 1 }: Http2Fault): Promise<FaultyServer> {
  let requests = 0
  const { origin } = await startFrames(
    (to, stream) => {
      requests += 1
      act(to, stream)
    },
    undefined,
    trusted,
  )
  return { url: origin, sent, requests: () => requests }
}

/** A proxy that does by the name of the host what stands at its place in the table, and forwards or tunnels otherwise. */
function startFaultyProxy(): Promise<TestProxy> {
  return startProxy({
    onConnect: (client, host, open) => {
      const number = /^fault-(\d+)\./.exec(host)?.[1]
      if (number === undefined) open()
      else proxyFaults[Number(number)]?.act(client)
    },
  })
}

it.for([1, 4])('counts what HTTP/2 and proxies do wrong by its category, with %i threads', async (threads) => {
  const servers = new Map<string, FaultyServer>()
  for (const fault of faults) servers.set(fault.name, await startFaulty(fault))
  const well = await startFrames(
    (to, stream) => {
      to.send(frame.headers, endHeaders | endStream, stream, status200)
    },
    undefined,
    trusted,
  )
  const proxy = await startFaultyProxy()
  const hosts = proxyFaults.map(({ name }, index) => [name, `https://fault-${index}.localhost/`])
  const urls = Object.fromEntries([...servers].map(([name, { url }]) => [name, url]))
  const proxied = { urls: Object.fromEntries([...hosts, ['no such target', 'http://127.0.0.1:1/']]), well: well.origin }
  const provide = (targets: unknown): string => `config: { test: { provide: ${JSON.stringify({ targets })} } }`
  const common = `threads: ${threads}, http2: true, tls: { ca: './authority.pem' }, connectTimeout: '1s',`
  const project = await createProject(
    { 'a.spec.ts': specOf('multiplexed'), 'b.proxied.ts': specOf('proxied') },
    {
      load: `${common} ${provide({ urls, well: well.origin })}`,
      functional: '',
      others: `loadProject({ name: 'proxied', include: ['*.proxied.ts'], ${common}
        proxy: 'http://tester:s3cretWord@127.0.0.1:${proxy.port}', ${provide(proxied)} })`,
    },
  )
  await writeFile(join(project.folder, 'authority.pem'), authority)
  const run = await project.vitest(['run', '--project', 'load', '--project', 'proxied'])
  expect(run.stdout + run.stderr).not.toContain('Unhandled')
  const basic = Buffer.from('tester:s3cretWord').toString('base64')
  for (const secret of ['s3cretWord', basic])
    expect(JSON.stringify([run.stdout, run.stderr, ...run.results.values(), ...run.tests])).not.toContain(secret)
  expect(run.exitCode, run.stdout).toBe(0)

  const times = users * rounds
  const multiplexed = run.results.get('multiplexed')
  expect(multiplexed && categoriesOf(multiplexed)).toEqual(
    Object.fromEntries(faults.map(({ name, category }) => [name, { [category]: times }])),
  )
  expect(multiplexed?.requests).toMatchObject({
    ok: times * faults.length + rounds,
    failed: times * faults.length,
    aborted: 0,
  })
  const received = [...servers].map(([name, { requests }]) => [name, requests()])
  expect(received).toEqual([...servers].map(([name, { sent }]) => [name, times * sent]))

  const throughProxy = run.results.get('proxied')
  expect(throughProxy && categoriesOf(throughProxy)).toEqual({
    ...Object.fromEntries(proxyFaults.map(({ name, category }) => [name, { [category]: times }])),
    'no such target': { http_5xx: times },
  })
  const failures = times * (proxyFaults.length + 1)
  expect(throughProxy?.requests).toMatchObject({ ok: failures + rounds, failed: failures, aborted: 0 })
  const asked = proxy.asked.filter(({ what }) => what.includes('fault-') || what.startsWith('GET'))
  expect(asked).toHaveLength(failures)
  expect(new Set(proxy.asked.map(({ headers }) => headers['proxy-authorization'])).size).toBe(1)
})

/** How often each category was met in each step. */
function categoriesOf(result: RunResult): Record<string, Record<string, number>> {
  const steps: Record<string, Record<string, number>> = {}
  for (const { step, category, count } of result.errors) {
    const counts = (steps[step] ??= {})
    counts[category] = (counts[category] ?? 0) + count
  }
  return steps
}
