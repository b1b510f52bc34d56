import type { LiveEvent } from '../src/results/live.ts'
import type { ReplayLine, ReplayTone } from '../src/results/replay-line.ts'
import type { Paint } from './terminal/paint.ts'

type ReplayEvent = Extract<LiveEvent, { type: 'replay' | 'replay-asked' }>

/** What is printed of an iteration that is run again, and whether it has been. */
export class ReplayOutput {
  #asked: string | undefined
  #begun: boolean = false

  /** The lines to print, if any. */
  onEvent(event: ReplayEvent, paint: Paint): string[] {
    if (event.type === 'replay-asked') {
      this.#asked = event.id
      return []
    }
    this.#begun = true
    return event.lines.map((line) => renderLine(line, paint))
  }

  /** Ends a test run: what to complain of when nothing was run again although it was asked for. */
  end(): string | undefined {
    const id = this.#begun ? undefined : this.#asked
    this.#asked = undefined
    this.#begun = false
    if (id === undefined) return undefined
    return `LOAD_REPLAY=${id} ran nothing: its scenario is skipped or filtered out, or its spec could not be loaded.`
  }
}

function renderLine({ text, tone }: ReplayLine, paint: Paint): string {
  const strokes: Record<ReplayTone, (text: string) => string> = {
    plain: (plain) => plain,
    title: paint.strong,
    dim: paint.dim,
    good: paint.good,
    bad: paint.bad,
  }
  return strokes[tone](text)
}
