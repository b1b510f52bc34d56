import type { StrayErrors } from '../results/thread-report.ts'
import { currentFrame, type Frame } from '../session/current.ts'
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
/** Vitest's own listener stands aside where there is another one; two others mean that a spec has brought its own. */
const usualListeners = 2

const watches: Watch[] = []

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

function note(event: (typeof events)[number], thrown: unknown): void {
  if (process.listenerCount(event) > usualListeners) return
  // The context is that of the code that threw, where the platform keeps it: since Node 24 for rejections as well.
  const frame = currentFrame()
  const owner = frame === undefined ? undefined : watches.find((watch) => watch.owns(frame))
  const watch = owner ?? watches.at(-1)
  if (watch === undefined) return
  watch.count += 1
  if (watch.count === 1) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    watch.message = printable(message, undefined, frame?.session.secrets())
  }
  if (owner !== undefined && frame !== undefined) owner.fail(frame, thrown)
}

const listeners = {
  unhandledRejection: (thrown: unknown): void => note('unhandledRejection', thrown),
  uncaughtException: (thrown: unknown): void => note('uncaughtException', thrown),
}
