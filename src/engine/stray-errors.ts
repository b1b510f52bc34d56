import type { StrayErrors } from '../results/thread-report.ts'
import { currentFrame, type Frame } from '../session/current.ts'
import { messageOf } from '../shared/errors.ts'
import { printable } from '../shared/text.ts'

/** Whom a stray error of a run is told to. */
export interface StrayErrorOwner {
  /** Whether a virtual user of this run was at work. */
  readonly owns: (frame: Frame) => boolean
  readonly fail: (frame: Frame, thrown: unknown) => void
}

interface Watch extends StrayErrorOwner {
  count: number
  message: string
}

const events = ['unhandledRejection', 'uncaughtException'] as const
type StrayEvent = (typeof events)[number]
/** Vitest's own listener stands aside where there is another one; two others mean that a spec has brought its own. */
const usualListeners = 2

const watches: Watch[] = []
const passedOn: Set<string> = new Set()

/**
 * Counts what a load throws where nobody can catch it: promises that are rejected and not awaited, errors in timers.
 * Without this, each would be reported by itself, thousands of them. Returns a function that ends the watch and tells.
 */
export function watchStrayErrors(owner: StrayErrorOwner): () => StrayErrors {
  const watch: Watch = { ...owner, count: 0, message: '' }
  if (watches.length === 0) for (const event of events) process.on(event, listeners[event])
  watches.push(watch)
  return () => {
    watches.splice(watches.indexOf(watch), 1)
    if (watches.length === 0) for (const event of events) process.off(event, listeners[event])
    return { count: watch.count, message: watch.message }
  }
}

function note(event: StrayEvent, thrown: unknown): void {
  if (process.listenerCount(event) > usualListeners) return
  // The context is that of the code that threw, where the platform keeps it: since Node 24 for rejections as well.
  const frame = currentFrame()
  const owner = frame === undefined ? watches.at(-1) : watches.find((watch) => watch.owns(frame))
  if (owner === undefined) {
    if (frame !== undefined) passOn(event, thrown, frame.session.scenario)
    return
  }
  owner.count += 1
  if (owner.count === 1) owner.message = printable(messageOf(thrown), undefined, frame?.session.secrets())
  if (frame !== undefined) owner.fail(frame, thrown)
}

/** Leaves to Vitest the first error of what an earlier scenario has left behind: it is not that of the one which runs now. */
function passOn(event: StrayEvent, thrown: unknown, scenario: string): void {
  if (passedOn.has(scenario)) return
  passedOn.add(scenario)
  const error = new Error(`Left behind by scenario '${scenario}', after its load: ${printable(messageOf(thrown))}`)
  // Vitest's listener does nothing as long as there is another one.
  process.off(event, listeners[event])
  process.emit(event as 'uncaughtException', error)
  process.on(event, listeners[event])
}

const listeners = {
  unhandledRejection: (thrown: unknown): void => note('unhandledRejection', thrown),
  uncaughtException: (thrown: unknown): void => note('uncaughtException', thrown),
}
