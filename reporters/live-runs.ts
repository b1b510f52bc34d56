import type { LiveProgress } from '../src/results/live.ts'

const maxShown = 3
/** A run that was not heard of for so long has crashed: no result will take it off the list. */
const silentAfterMs = 5000
const plainIntervalMs = 10_000

type RunIdentity = Pick<LiveProgress, 'runId' | 'project' | 'scenario'>

interface LiveRun {
  progress: LiveProgress
  heardAtMs: number
  /** How many intervals of plain lines have begun. */
  intervals: number
}

/** The loads that are running now. */
export class LiveRuns {
  readonly #runs: Map<string, LiveRun> = new Map()
  /** Those that have begun and not ended. */
  readonly #started: Set<string> = new Set()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Takes note of a run that begins. Returns whether no other one runs. */
  start(run: RunIdentity): boolean {
    this.#started.add(keyOf(run))
    return this.#started.size === 1
  }

  /** Takes news of a run. Returns whether it is time for another plain line about it: every ten seconds. */
  update(progress: LiveProgress): boolean {
    const key = keyOf(progress)
    const known = this.#runs.get(key)
    // Events come a second apart: one that is half a second early counts, or lines would come after 11 s at times.
    const intervals = Math.floor((progress.elapsedMs + 500) / plainIntervalMs)
    this.#runs.set(key, { progress, heardAtMs: this.#now(), intervals })
    return intervals > (known?.intervals ?? 0)
  }

  remove(run: RunIdentity): void {
    this.#runs.delete(keyOf(run))
    this.#started.delete(keyOf(run))
  }

  clear(): void {
    this.#runs.clear()
    this.#started.clear()
  }

  /** The latest, at most three, the oldest first. */
  active(): LiveProgress[] {
    for (const [key, run] of this.#runs) {
      if (this.#now() - run.heardAtMs > silentAfterMs) this.#runs.delete(key)
    }
    return [...this.#runs.values()].slice(-maxShown).map((run) => run.progress)
  }
}

function keyOf({ runId, project, scenario }: RunIdentity): string {
  return `${runId}\n${project}\n${scenario}`
}
