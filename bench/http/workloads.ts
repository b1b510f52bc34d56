/** What is measured. */
export const workloads = ['one-request', 'shop-flow'] as const

export type Workload = (typeof workloads)[number]

/** How many requests one iteration of a workload makes. */
export const requestsPerIteration: Readonly<Record<Workload, number>> = { 'one-request': 1, 'shop-flow': 5 }

/** Virtual users, each with a connection. */
export const vus = 50

/** One round's work. */
export interface Round {
  readonly workload: Workload
  readonly url: string
  /** Iterations to warm up with, and to measure. */
  readonly warmup: number
  readonly iterations: number
}

/** What a generator in a process of its own is told. */
export interface GeneratorArguments extends Round {
  /** Of the bare loop: see there. */
  readonly awaited?: boolean
}

/** What it prints. */
export interface GeneratorResult {
  /** User and system time of the measured part. */
  readonly cpuMs: number
  readonly requests: number
  /** The most memory that the process had, in bytes. */
  readonly peakBytes: number
}

/** Reads the arguments from the command line. */
export function readArguments(): GeneratorArguments {
  return JSON.parse(process.argv[2] ?? '{}') as GeneratorArguments
}

type Run = (iterations: number, onIteration: () => void) => Promise<void>

/** Runs a load that calls `onIteration` for each iteration, and prints what those after the warm-up took. */
export async function measure(run: Run): Promise<void> {
  const { workload, warmup, iterations } = readArguments()
  let started = 0
  let before = process.cpuUsage()
  await run(warmup + iterations, () => {
    started += 1
    if (started === warmup) before = process.cpuUsage()
  })
  const { user, system } = process.cpuUsage(before)
  const result: GeneratorResult = {
    cpuMs: (user + system) / 1000,
    requests: iterations * requestsPerIteration[workload],
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }
  process.stdout.write(JSON.stringify(result), () => process.exit(0))
}
