import { AsyncLocalStorage } from 'node:async_hooks'
import { LoadError } from '../shared/errors.ts'
import type { Session } from './session.ts'
import { now } from '../shared/now.ts'

/** What the engine keeps of one iteration while it runs. */
export interface IterationScope {
  /** Set-up or tear-down: its requests are reported apart and no objective reads them. */
  readonly hook: boolean
  /** Started in the load's warm-up: all that happens in it is counted there. */
  readonly warmup: boolean
  /** Requests started and not yet finished. */
  inFlight: number
  /** Requests that wait for their turn under a throttle. */
  held: number
  /** The step that was opened last and has not ended; the others hang on it, see `Frame.openBefore`. */
  openStep: Frame | undefined
  /** Called when nothing is in flight or no step is open any more; set only while somebody waits for that. */
  onIdle: (() => void) | undefined
  /** Answers that are read while they come, and have not ended. */
  unread: Set<UnreadAnswer> | undefined
  /** Set once the iteration was cut: whatever ends afterwards is `aborted`. */
  cut: boolean
  /** What was thrown and has been counted, so that it counts once however many steps it passes through. */
  counted: Set<unknown> | undefined
}

/** An answer that may wait for a reader who never comes. */
export interface UnreadAnswer {
  /** Whoever was to read it has returned: ends it, unless it is being read nevertheless. */
  leaveUnread(): void
}

/** Where in a run the calling code is: the iteration at the root, then one frame for each nested step. */
export interface Frame {
  readonly session: Session
  readonly scope: IterationScope
  readonly parent: Frame | undefined
  /** Path of the step, `checkout > pay`; empty at the root. */
  readonly path: string
  /** When the step began, on `performance.now()`; 0 at the root. */
  readonly startedAtMs: number
  /** Requests inside that have not finished. */
  inFlight: number
  /** Calls of `think()`, and requests held by a throttle, inside that wait. */
  thinking: number
  /** Since when somebody inside thinks and no request runs; negative while that is not so. */
  idleSinceMs: number
  /** Time in which somebody inside thought and no request ran: taken out of the measured duration. */
  thinkMs: number
  /** Requests inside that failed: one is enough to make the step, and the iteration, failed. */
  failedRequests: number
  /** Whether one of them timed out: its time is a lower bound, and counts as latency. */
  timedOut: boolean
  /** Neighbours in the list of open steps. */
  openBefore: Frame | undefined
  openAfter: Frame | undefined
  /** Whether the step's duration has been recorded, by its end or because it was given up. */
  recorded: boolean
}

export function createScope(hook: boolean = false, warmup: boolean = false): IterationScope {
  return {
    hook,
    warmup,
    inFlight: 0,
    held: 0,
    openStep: undefined,
    onIdle: undefined,
    unread: undefined,
    cut: false,
    counted: undefined,
  }
}

/** The one place where frames are made, so that all have one shape. */
function createFrame(
  session: Session,
  scope: IterationScope,
  parent: Frame | undefined,
  path: string,
  startedAtMs: number,
): Frame {
  return {
    session,
    scope,
    parent,
    path,
    startedAtMs,
    inFlight: 0,
    thinking: 0,
    idleSinceMs: -1,
    thinkMs: 0,
    failedRequests: 0,
    timedOut: false,
    openBefore: undefined,
    openAfter: undefined,
    recorded: false,
  }
}

export function createRootFrame(session: Session, scope: IterationScope = createScope()): Frame {
  return createFrame(session, scope, undefined, '', 0)
}

/** The frame of a step inside `parent`, entered among the open ones. */
export function openStepFrame(parent: Frame, name: string): Frame {
  const { session, scope } = parent
  const path = parent.path === '' ? name : `${parent.path} > ${name}`
  const frame = createFrame(session, scope, parent, path, now())
  frame.openBefore = scope.openStep
  if (scope.openStep !== undefined) scope.openStep.openAfter = frame
  scope.openStep = frame
  return frame
}

/** Takes a step that has ended out of the open ones. */
export function closeStepFrame(frame: Frame): void {
  const { scope, openBefore, openAfter } = frame
  if (openAfter === undefined) scope.openStep = openBefore
  else openAfter.openBefore = openBefore
  if (openBefore !== undefined) openBefore.openAfter = openAfter
  if (scope.openStep === undefined && scope.onIdle !== undefined) scope.onIdle()
}

/** Notes that a request starts (+1) or has finished (−1) inside a frame. */
export function countRequest(frame: Frame, change: 1 | -1, clock: () => number = now): void {
  const { scope } = frame
  for (let inside: Frame | undefined = frame; inside !== undefined; inside = inside.parent) {
    inside.inFlight += change
    if (inside.thinking > 0) noteIdle(inside, clock)
  }
  scope.inFlight += change
  if (scope.inFlight === 0 && scope.onIdle !== undefined) scope.onIdle()
}

/**
 * Notes that a request inside a frame starts (+1) or stops (−1) to wait for its turn under a throttle: the iteration is not over
 * before, and the wait is taken out of durations as think time is.
 */
export function countHeld(frame: Frame, change: 1 | -1, clock: () => number = now): void {
  const { scope } = frame
  scope.held += change
  countThinking(frame, change, clock)
  if (scope.held === 0 && scope.onIdle !== undefined) scope.onIdle()
}

/** Notes that somebody inside a frame starts (+1) or stops (−1) thinking. */
export function countThinking(frame: Frame, change: 1 | -1, clock: () => number = now): void {
  for (let inside: Frame | undefined = frame; inside !== undefined; inside = inside.parent) {
    inside.thinking += change
    noteIdle(inside, clock)
  }
}

function noteIdle(frame: Frame, clock: () => number): void {
  const isIdle = frame.thinking > 0 && frame.inFlight === 0
  if (isIdle === frame.idleSinceMs >= 0) return
  const nowMs = clock()
  if (!isIdle) frame.thinkMs += nowMs - frame.idleSinceMs
  frame.idleSinceMs = isIdle ? nowMs : -1
}

/** How long a frame has thought so far, thinking that goes on included. */
export function thinkTimeMs(frame: Frame, nowMs: number): number {
  return frame.idleSinceMs < 0 ? frame.thinkMs : frame.thinkMs + nowMs - frame.idleSinceMs
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
