import { describe, test, TestRunner, type TestContext } from 'vitest'
import type { ThreadHost } from '../engine/run-host.ts'
import { httpConfigSlot } from '../http/config.ts'
import type { ErrorRow } from '../metrics/error-table.ts'
import { otherName } from '../metrics/bounds.ts'
import type { ReplayRequest } from '../options/replay.ts'
import { LoadError } from '../shared/errors.ts'
import { mixSeed } from '../shared/random.ts'
import { cleanText } from '../shared/text.ts'
import { openOrdinarySession, runIteration, type BodyEnd, type OrdinarySession } from './functional-test.ts'
import { testHttpConfig } from './http-config.ts'
import { isReplayed } from './replay-match.ts'
import { ReplayLog } from './replay-log.ts'
import { countFailure } from './run-context.ts'
import type { ScenarioDefinition } from './scenario-definition.ts'
import { withoutSecrets } from './safe-error.ts'
import { scenarioMark, type ScenarioMark } from './start-order.ts'

/** Requests end by their own timeouts; what else a body waits for may never come. */
const limitMs = 300_000

/**
 * Registers a scenario in a load project that runs one iteration again: the scenario whose it is as one ordinary test,
 * any other as a test that is skipped and says why.
 */
export function registerReplay(
  options: Readonly<Record<string, boolean>>,
  definition: ScenarioDefinition,
  host: ThreadHost,
  replay: ReplayRequest,
): void {
  const { record, name, site } = definition
  describe(name, { ...options, shuffle: false }, () => {
    record.sealed = true
    const { suite } = TestRunner.getCurrentSuite()
    const mark: ScenarioMark = { startAfter: undefined, isOpen: false, site }
    if (suite !== undefined) Object.assign(suite, { [scenarioMark]: mark })
    test(`replay ${replay.id}`, { timeout: limitMs, retry: 0, repeats: 0 }, async (context) => {
      if (!isReplayed(replay, context.task.file, name))
        context.skip(`LOAD_REPLAY=${replay.id} runs '${replay.scenario}' of ${replay.file}`)
      await runReplay(definition, host, replay, context)
    })
  })
}

async function runReplay(
  definition: ScenarioDefinition,
  host: ThreadHost,
  replay: ReplayRequest,
  { signal }: TestContext,
): Promise<void> {
  const { name, resolved } = definition
  const log = new ReplayLog((lines) => host.tellReplay(lines))
  const user = openOrdinarySession({ scenario: name, signal, vuId: replay.vu, cookieScope: resolved.cookies }, log)
  const config = testHttpConfig()
  user.session.set(httpConfigSlot, { ...config, trace: log })
  log.begin(replay)
  for (const difference of findDifferences(replay, config)) log.note(difference)
  const progress = { isJudged: false }
  try {
    await runIteration(definition, user, {
      key: { vuId: replay.vu, ...pick(replay) },
      hookSeed: replay.runSeed,
      environment: { runSeed: mixSeed(replay.runSeed, name), vus: replay.vus },
      judge: (end) => {
        progress.isJudged = true
        judge(replay, user, log, end)
      },
    })
  } catch (thrown) {
    if (!progress.isJudged)
      log.end('bad', `${replay.id} could not be run again: a hook has failed before the iteration.`)
    throw withoutSecrets(thrown, user.session.secrets())
  }
}

function pick({
  iteration,
  globalIteration,
  seed,
  rows,
}: ReplayRequest): Pick<ReplayRequest, 'iteration' | 'globalIteration' | 'seed' | 'rows'> {
  return { iteration, globalIteration, seed, rows }
}

/** What makes it another case than that of the load. */
function findDifferences(
  { baseUrl, offline }: ReplayRequest,
  config: { readonly baseUrl: string | undefined; readonly transport?: unknown },
): string[] {
  const isOffline = config.transport !== undefined
  if (offline !== isOffline)
    return [
      `the load was ${offline ? 'offline' : 'sent over the network'}, this is ${isOffline ? 'offline' : 'sent over the network'}`,
    ]
  return offline || baseUrl === config.baseUrl
    ? []
    : [`the load went to ${baseUrl ?? 'no base URL'}, this goes to ${config.baseUrl ?? 'none'}`]
}

/** Says whether the iteration has failed as it had, and throws when it has failed at all. */
function judge(
  { id, category, message }: ReplayRequest,
  { context }: OrdinarySession,
  log: ReplayLog,
  { frame, thrown }: BodyEnd,
): void {
  if (thrown !== undefined) countFailure(frame, thrown.error)
  const rows = context.metrics.measured.snapshot().errors
  const isSame = rows.some((row) => row.category === category && (message === otherName || row.message === message))
  const had = `${category}, ${cleanText(message, 400)}`
  if (isSame) log.end('bad', `${id} failed again in the same way: ${had}.`)
  else if (thrown !== undefined || frame.failedRequests > 0)
    log.end('bad', `${id} failed in another way: ${describeRows(rows)}. Under load it was: ${had}.`)
  else {
    const requests = log.requests === 1 ? '1 request' : `${log.requests} requests`
    log.end(
      'good',
      `${id} did not fail again: the iteration went through, with ${requests}. Under load it was: ${had}.`,
    )
    return
  }
  if (thrown !== undefined) throw thrown.error
  throw new LoadError(
    'ERR_LOAD_RUN',
    `The iteration failed ${isSame ? 'again in the same way' : 'in another way'}: ${describeRows(rows)}.`,
  )
}

function describeRows(rows: readonly ErrorRow[]): string {
  const texts = rows.map(
    ({ category, message, request }) => `${category}, ${request === '' ? '' : `${request}: `}${message}`,
  )
  return texts.length === 0 ? 'for what is in no error table' : texts.join('; ')
}
