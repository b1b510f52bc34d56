import { setImmediate } from 'node:timers'
import type { Reporter, Vitest } from 'vitest/node'
import { subscribeLive } from '../../src/results/live.ts'
import { liveBytes } from './heap.ts'
import { noteWeight, requestsOf } from './notes.ts'

/** Weighs the main process of a run, where the figures of all threads are merged. */
// oxlint-disable-next-line import/no-default-export -- how Vitest finds a reporter in a file
export default class MainReporter implements Reporter {
  onInit(vitest: Vitest): void {
    subscribeLive(vitest, (event) => {
      if (event.type !== 'progress') return
      noteWeight('main', requestsOf(event.progress.iterations))
      // What was sent counts for the thread until it is collected here.
      setImmediate(liveBytes)
    })
  }
}
