import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import { colorPage } from '../../reporters/fixtures/pages.ts'
import { renderLiveLines } from '../../reporters/terminal/live-line.ts'
import { RunMeasurements } from '../../src/pool/run-measurements.ts'
import type { ThreadProgress } from '../../src/results/thread-report.ts'
import { MeasuringThread } from './thread.ts'

// What threads and main do once a second, one after the other in one thread, so that its CPU time tells them apart.

/** What is asked for. */
export interface ReportingArguments {
  readonly threads: number
  readonly seconds: number
  readonly requestsPerSecond: number
}

/** What was spent for one second of a load. */
export interface Spent {
  /** CPU time of it on average, in milliseconds: the system counts it in ticks, several milliseconds long. */
  cpuMs: number
  /** How long it took each time, in milliseconds. */
  readonly elapsedMs: number[]
}

/** What was measured. */
export interface ReportingResult {
  readonly thread: Spent
  readonly main: Spent
  /** What one second's snapshot of a thread takes on its way. */
  readonly snapshotBytes: number
}

const warmupSeconds = 15
const { threads, seconds, requestsPerSecond } = JSON.parse(process.argv[2] ?? '{}') as ReportingArguments
let nowMs = 0

const measurements = new RunMeasurements({
  threads,
  runId: 'bench',
  seed: 1,
  file: 'bench.spec.ts',
  project: 'load',
  baseUrl: undefined,
  offline: undefined,
  validity: { delivered: false, startLagUs: false, eventLoopDelayUs: false },
  cores: threads,
  now: () => nowMs,
})
const all = Array.from({ length: threads }, (_, index) => new MeasuringThread(index + 1))
const { port1: toMain, port2: fromThread } = new MessageChannel()
measurements.start(
  {
    scenario: 'shopping',
    revision: 1,
    load: { executor: 'constant-vus', vus: 50, durationMs: 3_600_000, gracefulStopMs: 0 },
    slos: [],
  },
  0,
)

/** Does what is to be measured, and counts it where it belongs. */
function spend(spent: Spent | undefined, work: () => void): void {
  const [before, fromMs] = [process.threadCpuUsage(), performance.now()]
  work()
  const elapsedMs = performance.now() - fromMs
  const after = process.threadCpuUsage()
  if (spent === undefined) return
  spent.cpuMs += (after.user + after.system - before.user - before.system) / 1000
  spent.elapsedMs.push(elapsedMs)
}

/** Sends as a thread does. */
function send(thread: MeasuringThread): void {
  const progress: ThreadProgress = { snapshot: thread.snapshot(), activeVUs: 50 }
  const { cells, totals } = progress.snapshot
  toMain.postMessage(progress, [cells.buffer, totals.buffer])
}

/** Receives from all threads, and shows how the load is doing. */
function merge(): void {
  for (let thread = 0; thread < threads; thread++) {
    const { message } = receiveMessageOnPort(fromThread) as { message: ThreadProgress }
    measurements.merge(thread, message)
  }
  const [line = ''] = renderLiveLines([measurements.describeProgress()], colorPage, true)
  if (line === '') throw new Error('Nothing is shown.')
}

const inThread: Spent = { cpuMs: 0, elapsedMs: [] }
const inMain: Spent = { cpuMs: 0, elapsedMs: [] }
for (let second = 0; second < warmupSeconds + seconds; second++) {
  const isMeasured = second >= warmupSeconds
  nowMs += 1000
  for (const thread of all) thread.measure(requestsPerSecond)
  for (const thread of all) spend(isMeasured ? inThread : undefined, () => send(thread))
  spend(isMeasured ? inMain : undefined, merge)
}
for (const spent of [inThread, inMain]) spent.cpuMs /= spent.elapsedMs.length
const result: ReportingResult = { thread: inThread, main: inMain, snapshotBytes: snapshotBytes() }
process.stdout.write(JSON.stringify(result), () => process.exit(0))

/** Of a thread that is none of those measured. */
function snapshotBytes(): number {
  const thread = new MeasuringThread(0)
  thread.measure(requestsPerSecond)
  const { cells, totals } = thread.snapshot()
  return cells.byteLength + totals.byteLength
}
