import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import * as z from 'zod'
import { csv } from '../../src/data/csv.ts'
import type { Feeder } from '../../src/data/feeder.ts'
import { liveBytes } from '../memory/heap.ts'

/** What is measured; the first thread loads, as the leader of a load does, and main hands over what it has loaded. */
export interface DataSettings {
  readonly file: string
  readonly rows: number
  readonly threads: number
  readonly withSchema: boolean
}

/** What it took. */
export interface DataFigures {
  readonly loadMs: number
  /** User and system, of the whole process. */
  readonly loadCpuMs: number
  /** How much the process has grown, in bytes, after the collection of garbage. */
  readonly grownBytes: number
  /** The most it had grown when everything was loaded. */
  readonly peakBytes: number
  /** How much the heap of a thread has grown, in the mean. */
  readonly heapBytes: number
  readonly microsecondsPerRow: number
}

type Message = 'load' | 'leave' | { readonly loaded: unknown }

const readsPerThread = 100_000
const User = z.object({
  id: z.coerce.number(),
  email: z.email(),
  password: z.string(),
  name: z.string(),
  city: z.string(),
  score: z.coerce.number(),
})

/** Without buffers: the rows' are shared, and would count in each thread. */
function heapBytesAlive(): number {
  liveBytes()
  return process.memoryUsage().heapUsed
}

function runThread({ file, rows, withSchema }: DataSettings): void {
  const feeder: Feeder<{ readonly name?: string }> = withSchema ? csv(file, { schema: User }) : csv(file)
  const heapBefore = heapBytesAlive()
  parentPort?.on('message', (message: Message) => void answer(message))
  parentPort?.postMessage({})

  async function answer(message: Message): Promise<void> {
    if (message === 'leave') {
      parentPort?.close()
    } else if (message === 'load') {
      const startedAtMs = performance.now()
      const cpuBefore = process.cpuUsage()
      const loaded = await feeder.load?.({ root: '/' })
      const { user, system } = process.cpuUsage(cpuBefore)
      parentPort?.postMessage({ loaded, loadMs: performance.now() - startedAtMs, loadCpuMs: (user + system) / 1000 })
    } else {
      const opened = await feeder.open?.({ loaded: message.loaded, thread: 0, threads: 1 })
      const key = { vuId: 1, iteration: 0, globalIteration: 0, seed: 1, runSeed: 1, vus: 1 }
      const startedAtMs = performance.now()
      for (let read = 0; read < readsPerThread; read++) await opened?.row((read * 7919) % rows, key)
      const microseconds = ((performance.now() - startedAtMs) * 1000) / readsPerThread
      parentPort?.postMessage({ microseconds, heapBytes: heapBytesAlive() - heapBefore })
    }
  }
}

async function runMain(settings: DataSettings): Promise<DataFigures> {
  const workers = Array.from(
    { length: settings.threads },
    () => new Worker(import.meta.filename, { workerData: settings }),
  )
  const hear = (worker: Worker): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
  await Promise.all(workers.map(hear))
  const before = process.memoryUsage.rss()
  const [leader] = workers
  if (leader === undefined) throw new Error('There is no thread.')
  leader.postMessage('load')
  const { loaded, loadMs, loadCpuMs } = await hear(leader)
  const peak = process.resourceUsage().maxRSS * 1024
  const reports: Record<string, unknown>[] = []
  // One after the other: there are fewer cores than threads.
  for (const worker of workers) {
    worker.postMessage({ loaded })
    reports.push(await hear(worker))
  }
  const grownBytes = process.memoryUsage.rss() - before
  for (const worker of workers) worker.postMessage('leave')
  const mean = (name: string): number => reports.reduce((sum, report) => sum + Number(report[name]), 0) / reports.length
  return {
    loadMs: Number(loadMs),
    loadCpuMs: Number(loadCpuMs),
    grownBytes,
    peakBytes: peak - before,
    heapBytes: mean('heapBytes'),
    microsecondsPerRow: mean('microseconds'),
  }
}

if (isMainThread) console.log(JSON.stringify(await runMain(JSON.parse(process.argv[2] ?? '') as DataSettings)))
else runThread(workerData as DataSettings)
