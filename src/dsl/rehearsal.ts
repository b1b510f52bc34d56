import { createServer, type AddressInfo, type Server } from 'node:net'
import { systemClock } from '../engine/clock.ts'
import { LoadParts } from '../engine/load-parts.ts'
import { VirtualUser, type OpenSession, type VirtualUserContext } from '../engine/virtual-user.ts'
import { httpConfigSlot, type HttpConfig } from '../http/config.ts'
import { http } from '../http/http.ts'
import { Breath } from '../shared/breath.ts'
import { now } from '../shared/now.ts'
import { check } from './check.ts'
import { countFailure, createRunContext, createSession, type RunContext } from './run-context.ts'
import { step } from './step.ts'

const name = 'rehearsal'
const users = 10
const maxIterations = 300
/** No iteration starts later. */
const longestMs = 100
/** What does not end by itself is cut. */
const cutAfterMs = 1000
const longestWithoutTurnMs = 10

const body = '{"ok":true}'
const answer = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`

/** Of this thread: loads that start together wait for the same one. */
let rehearsal: Promise<void> | undefined

/**
 * Lets the engine and the HTTP client work for a moment before the first open load of this thread, so that they are compiled
 * when it starts: cold, the first 200 requests take three to four times their CPU time, and at a rate of 5,000 a second all
 * that arrives meanwhile is late, and opens connections of its own. The requests go to a socket of this thread, by the same
 * code as all others, and are counted nowhere. Never rejects: where this thread may not listen, the load starts cold.
 */
export async function rehearse(config: HttpConfig): Promise<void> {
  if (config.transport === undefined) await (rehearsal ??= perform(config))
}

async function perform(config: HttpConfig): Promise<void> {
  const server = createServer((socket) => {
    socket.on('data', () => socket.write(answer)).on('error', () => socket.destroy())
  })
  try {
    const baseUrl = await listen(server)
    await runIterations({ ...config, baseUrl })
  } catch {
    // Nothing depends on it.
  } finally {
    server.close()
  }
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
}

async function runIterations(config: HttpConfig): Promise<void> {
  const cut = new AbortController()
  const run = createRunContext({ thinks: true, abort: () => {} })
  const context = createContext(run)
  const vus = Array.from(
    { length: users },
    (_, position) => new VirtualUser(position + 1, () => openSession(run, config, position + 1, cut.signal), context),
  )
  const endMs = now() + longestMs
  let started = 0
  const done = new AbortController()
  void systemClock.sleep(cutAfterMs, done.signal).then(() => cut.abort())
  await Promise.all(
    vus.map(async (vu) => {
      // With a planned time, as in an open model: failures slow nobody down.
      while (started < maxIterations && now() < endMs) await vu.runIteration(started++, now())
      await vu.session.close()
    }),
  )
  done.abort()
}

function createContext({ metrics }: RunContext): VirtualUserContext {
  const breath = new Breath(systemClock, longestWithoutTurnMs)
  const parts = new LoadParts(metrics, (registry) => registry.series('iteration', name))
  return { clock: systemClock, breath, parts, seed: 1, body: visit, fail: countFailure }
}

function openSession(run: RunContext, config: HttpConfig, vuId: number, signal: AbortSignal): OpenSession {
  const session = createSession(run, { vuId, runId: name, scenario: name, cookieScope: 'iteration', signal })
  session.set(httpConfigSlot, config)
  return { session, end: () => {} }
}

/** What most bodies do. */
async function visit(): Promise<void> {
  const page = await step('read', () =>
    http
      .get('/a', { query: { b: 1 } })
      .expect(200)
      .json(),
  )
  check('is there', page !== undefined)
  const params = { id: 1 }
  await step('write', () => http.post('/a/:id', { params, json: { c: 1 }, bearer: 'd' }).expect(200))
}
