import { AsyncLocalStorage } from 'node:async_hooks'
import { LoadError } from '../shared/errors.ts'
import type { Session } from './session.ts'

/** What the engine keeps of one iteration while it runs. */
export interface IterationScope {
  /** Set-up or tear-down: its requests are reported apart and no objective reads them. */
  readonly hook: boolean
  /** Requests started and not yet finished. */
  inFlight: number
  /** Called when `inFlight` returns to zero; set only while somebody waits for that. */
  onIdle: (() => void) | undefined
  /** Set once the iteration was cut: whatever ends afterwards is `aborted`. */
  cut: boolean
  /** The error that was counted last, so that it counts once however many steps it passes through. */
  lastCounted: unknown
}

/** Where in a run the calling code is: the iteration at the root, then one frame for each nested step. */
export interface Frame {
  readonly session: Session
  readonly scope: IterationScope
  readonly parent: Frame | undefined
  /** Path of the step, `checkout > pay`; empty at the root. */
  readonly path: string
  /** Think time spent inside, in milliseconds: taken out of the measured duration. */
  thinkMs: number
  /** Requests inside that failed: one is enough to make the step, and the iteration, failed. */
  failedRequests: number
}

export function createScope(hook: boolean = false): IterationScope {
  return { hook, inFlight: 0, onIdle: undefined, cut: false, lastCounted: undefined }
}

export function createRootFrame(session: Session, scope: IterationScope = createScope()): Frame {
  return { session, scope, parent: undefined, path: '', thinkMs: 0, failedRequests: 0 }
}

/** The frame of a step inside `parent`. Its fields stand in the order of a root frame's, so that both have one shape. */
export function createStepFrame(parent: Frame, name: string): Frame {
  const path = parent.path === '' ? name : `${parent.path} > ${name}`
  return { session: parent.session, scope: parent.scope, parent, path, thinkMs: 0, failedRequests: 0 }
}

/**
 * On `globalThis`, so that two copies of this module in one thread (a spec that is inlined by Vite and the worker
 * entry, say) still see the same virtual user.
 */
const storageKey = Symbol.for('vitest-load.frames')
const fallbackKey = Symbol.for('vitest-load.frame-fallback')
const registry = globalThis as { [storageKey]?: AsyncLocalStorage<Frame>; [fallbackKey]?: FrameFallback | undefined }

/** Finds a frame for code that no `frames.run` surrounds. */
export type FrameFallback = () => Frame | undefined

/** The running frame of the calling code. */
export const frames: AsyncLocalStorage<Frame> = (registry[storageKey] ??= new AsyncLocalStorage<Frame>())

/** The frame of the calling code, or what the fallback finds; `undefined` outside of every scenario and test. */
export function currentFrame(): Frame | undefined {
  return frames.getStore() ?? registry[fallbackKey]?.()
}

/** Sets who is asked when no frame surrounds the calling code (an ordinary test without context, for example). */
export function setFrameFallback(fallback: FrameFallback | undefined): void {
  registry[fallbackKey] = fallback
}

/**
 * The frame of the calling code.
 *
 * @throws {LoadError} `ERR_LOAD_CONTEXT` when it belongs to no scenario and no test.
 */
export function requireFrame(caller: string): Frame {
  const frame = currentFrame()
  if (frame !== undefined) return frame
  throw new LoadError(
    'ERR_LOAD_CONTEXT',
    `${caller} was called outside of a scenario: there is no virtual user it could belong to. Call it in the body of a scenario or of a test.`,
  )
}
