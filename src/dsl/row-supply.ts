import type { Feeder, RowKey } from '../data/feeder.ts'
import type { IterationKey } from '../engine/virtual-user.ts'
import type { RowsReport } from '../results/thread-report.ts'
import { now } from '../shared/now.ts'
import { mixSeed } from '../shared/random.ts'
import { projectRoot } from './project-root.ts'
import type { Feeders } from './scenario-types.ts'

/** What feeders' keys are made from, besides the iteration. */
export interface RowCircumstances {
  readonly runSeed: number
  readonly vus: number
}

/** What the feeders of a scenario have loaded, by their names. Survives `structuredClone`. */
export type LoadedRows = Readonly<Record<string, unknown>>

/** Reads what the feeders need, before the first request. Resolves to nothing where they need nothing. */
export async function loadRows(feeders: Feeders = {}): Promise<LoadedRows> {
  const loaded: Record<string, unknown> = {}
  const root = projectRoot()
  for (const [name, feeder] of Object.entries(feeders)) if (feeder.load) loaded[name] = await feeder.load({ root })
  return loaded
}

/** The feeders that have loaded something, as one thread alone would open them: they know how many rows they have. */
export async function openLoaded(feeders: Feeders = {}, loaded: LoadedRows): Promise<Feeders> {
  const opened: Record<string, Feeder<unknown>> = {}
  for (const [name, feeder] of Object.entries(feeders)) {
    if (feeder.load === undefined || feeder.open === undefined) continue
    const own = await feeder.open({ loaded: loaded[name], thread: 0, threads: 1 })
    own.close?.()
    opened[name] = own
  }
  return opened
}

/** The feeders of one scenario, opened for one run in one thread. */
export class RowSupply {
  #feeders: Feeders | undefined
  #providers: readonly (readonly [string, Feeder<unknown>])[] = []
  #opened: Feeder<unknown>[] = []
  /** Of virtual users that waited for a row. */
  #waits: number = 0
  #waitedMs: number = 0
  readonly #ended: Set<string> = new Set()

  constructor(feeders: Feeders | undefined) {
    this.#feeders = feeders
  }

  /** The feeders that give the rows, where there are any; before `open`, as they were written. */
  get feeders(): Feeders | undefined {
    return this.#feeders
  }

  /** Whether an iteration has to ask before it starts. */
  get isAsked(): boolean {
    return this.#providers.length > 0
  }

  /** Whether any feeder wants to be opened: the others are used as they are. */
  get isOpenable(): boolean {
    return Object.values(this.#feeders ?? {}).some(({ open, provide }) => open !== undefined || provide !== undefined)
  }

  async open(loaded: LoadedRows, thread: number, threads: number): Promise<void> {
    if (this.#feeders === undefined) return
    const opened: Record<string, Feeder<unknown>> = {}
    for (const [name, feeder] of Object.entries(this.#feeders)) {
      const own = feeder.open === undefined ? feeder : await feeder.open({ loaded: loaded[name], thread, threads })
      opened[name] = own
      if (own !== feeder) this.#opened.push(own)
    }
    this.#feeders = opened
    this.#providers = Object.entries(opened).filter(([, { provide }]) => provide !== undefined)
  }

  /** Whether there is a row of each feeder for an iteration, which waits for the answer. */
  provide(key: IterationKey, circumstances: RowCircumstances, signal: AbortSignal): boolean | Promise<boolean> {
    const waits: Promise<boolean>[] = []
    for (const [name, feeder] of this.#providers) {
      const answer = feeder.provide?.(rowKey(name, key, circumstances), signal)
      if (answer instanceof Promise) waits.push(this.#note(name, answer, signal))
      else if (answer === false) {
        this.#ended.add(name)
        return false
      }
    }
    return waits.length === 0 || this.#measure(waits)
  }

  /** How rows were waited for, and which feeders have come to their end. */
  report(): RowsReport {
    return { waits: this.#waits, waitedMs: this.#waitedMs, ended: [...this.#ended] }
  }

  close(): void {
    for (const feeder of this.#opened) feeder.close?.()
    this.#opened = []
  }

  async #note(name: string, answer: Promise<boolean>, signal: AbortSignal): Promise<boolean> {
    const isProvided = await answer
    if (!isProvided && !signal.aborted) this.#ended.add(name)
    return isProvided
  }

  async #measure(waits: readonly Promise<boolean>[]): Promise<boolean> {
    const startedAtMs = now()
    const answers = await Promise.all(waits)
    this.#waits += 1
    this.#waitedMs += now() - startedAtMs
    return answers.every(Boolean)
  }
}

/** By name, so that two feeders of one length are not picked from in step. */
export function rowKey(name: string, key: IterationKey, { runSeed, vus }: RowCircumstances): RowKey {
  return { ...key, seed: mixSeed(key.seed, name), runSeed: mixSeed(runSeed, name), vus }
}
