/** How a line of a replay is shown. */
export type ReplayTone = 'plain' | 'dim' | 'good' | 'bad' | 'title'

/** A line that tells what an iteration does which is run again: safe to print, without credentials. */
export interface ReplayLine {
  readonly text: string
  readonly tone: ReplayTone
}
