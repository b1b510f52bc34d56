import type { Recorder } from '../protocols/contract.ts'
import { Exchange } from './exchange.ts'
import { inFlight } from './in-flight.ts'

/** Shows the requests of this thread that report to a recorder and have not ended, those of hooks and of a warm-up excepted. */
export function visitInFlight(
  recorder: Recorder,
  visit: (request: { name: string; step: string; labels: Exchange; startedAtMs: number }) => void,
): void {
  inFlight.forEach((entry) => {
    if (!(entry instanceof Exchange) || entry.owner.recorder !== recorder) return
    const { hook, warmup } = entry.frame.scope
    if (hook || warmup) return
    visit({ name: entry.label, step: entry.frame.path, labels: entry, startedAtMs: entry.startedAt })
  })
}
