import { randomInt } from 'node:crypto'
import { systemClock } from '../engine/clock.ts'
import { categorise, excerptOfThrown, isCounted } from '../engine/categorise.ts'
import type { Exemplar } from '../metrics/error-table.ts'
import type { Outcome } from '../metrics/series.ts'
import { RunMetrics } from '../metrics/run-metrics.ts'
import { recorderSlot, throttleSlot, type Recorder } from '../protocols/contract.ts'
import { createRecorder } from '../protocols/recorder.ts'
import { Throttle } from '../protocols/throttle.ts'
import type { Frame } from '../session/current.ts'
import { Session, type SessionOptions } from '../session/session.ts'
import { defineSlot, type Slot } from '../session/slot.ts'
import type { LoadError } from '../shared/errors.ts'
import { hideSecrets } from '../shared/text.ts'
import { now } from '../shared/now.ts'

const longestMessage = 2000

/** Sees what a body does. Only where one iteration is looked at, never under load. */
export interface RunTrace {
  /** A step has ended, after so much time of its own. */
  step(path: string, outcome: Outcome, elapsedMs: number): void
  check(name: string, path: string, passed: boolean): void
}

/** What the helpers of a spec – `step`, `check`, `think`, `run.abort` – need to know of the run they are in. */
export interface RunContext {
  readonly metrics: RunMetrics
  /** One for all sessions: what a protocol remembers with it, such as the series of a request, serves them all. */
  readonly recorder: Recorder
  /** Bounds the rate of requests; `undefined` where nothing does. */
  readonly throttle: Throttle | undefined
  /** Part of every unique id: virtual users have the same numbers in each scenario of a run. */
  readonly idPart: string
  /** Only loads think. An ordinary test does not, and has nothing to end but itself. */
  readonly thinks: boolean
  /** Milliseconds since the start of the load. */
  readonly elapsedMs: () => number
  readonly abort: (reason: string) => void
  readonly trace: RunTrace | undefined
}

/** The run that a session belongs to. */
export const runContextSlot: Slot<RunContext> = defineSlot<RunContext>('run-context')

/** The numbers of the data rows of a session's current iteration, by feeder: for exemplars. */
export const pickedRowsSlot: Slot<Readonly<Record<string, number>>> = defineSlot('picked-rows')

/** A run context with its own metrics. Its clock starts with `start()`. */
export function createRunContext(options: {
  readonly thinks: boolean
  readonly abort: (reason: string) => void
  readonly isThrottled?: boolean
  readonly trace?: RunTrace | undefined
}): RunContext & { start: () => void } {
  let startedAtMs = now()
  const metrics = new RunMetrics()
  const elapsedMs = (): number => now() - startedAtMs
  const { thinks, abort, isThrottled = false, trace } = options
  return {
    thinks,
    abort,
    throttle: isThrottled ? new Throttle(metrics, systemClock) : undefined,
    idPart: randomInt(2 ** 32).toString(36),
    metrics,
    recorder: createRecorder(metrics, { elapsedMs }, describeExemplar),
    elapsedMs,
    trace,
    start: () => {
      startedAtMs = now()
    },
  }
}

/** A session whose steps, checks and requests are recorded in `context`. */
export function createSession(context: RunContext, options: SessionOptions): Session {
  const session = new Session({ ...options, runId: `${options.runId}${context.idPart}` })
  session.set(runContextSlot, context)
  session.set(recorderSlot, context.recorder)
  if (context.throttle !== undefined) session.set(throttleSlot, context.throttle)
  return session
}

/** Puts a failure that no protocol has counted into the error table, once however many steps it passes through. */
export function countFailure(frame: Frame, thrown: unknown): void {
  const context = frame.session.get(runContextSlot)
  if (context === undefined || isCounted(thrown) || frame.scope.counted?.has(thrown) === true) return
  frame.scope.counted = (frame.scope.counted ?? new Set()).add(thrown)
  const place = { step: frame.path, request: '', hook: frame.scope.hook }
  const { category, message } = categorise(thrown)
  const failure = { category, message: hideSecrets(message.slice(0, longestMessage), frame.session.secrets()) }
  context.metrics.of(frame.scope).errors.add(failure, place, context.elapsedMs(), () => ({
    ...describeExemplar(frame),
    response: excerptOfThrown(thrown),
  }))
}

/** For what each iteration would do alike: ends the load, and fails an ordinary test. */
export function endLoad({ session }: Frame, error: LoadError): never {
  const context = session.get(runContextSlot)
  if (context?.thinks === true) context.abort(hideSecrets(error.message, session.secrets()))
  throw error
}

/** What it takes to run the frame's iteration again. */
function describeExemplar({ session, scope }: Frame): Exemplar {
  const { vuId: vu, iteration, seed, globalIteration } = session
  if (scope.hook) return { vu, iteration, seed, rows: {}, response: '', inHook: true }
  const rows = session.get(pickedRowsSlot) ?? {}
  return { vu, iteration, seed, ...(globalIteration !== undefined && { globalIteration }), rows, response: '' }
}
