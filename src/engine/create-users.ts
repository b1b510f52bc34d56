import type { LoadPlan } from '../options/plan.ts'
import type { Session } from '../session/session.ts'
import { Breath } from '../shared/breath.ts'
import type { LoadRun } from './load-run.ts'
import type { RunAssignment } from './run-host.ts'
import { globalIndex, segmentSize } from './segment.ts'
import { VirtualUser, type IterationKey, type OpenSession, type VirtualUserContext } from './virtual-user.ts'

/** A body that never waits for input or output would run in microtasks only, and the load would never end. */
const longestWithoutTurnMs = 10

/** The virtual users of a thread. */
export interface Users {
  readonly vus: readonly VirtualUser[]
  /** Whether a session is, or was, one of theirs. */
  readonly owns: (session: Session) => boolean
}

/** Makes the virtual users of a segment. Their sessions end with `signal`. */
export function createUsers(
  { plan, program, clock }: Pick<LoadRun, 'plan' | 'program' | 'clock'>,
  assignment: RunAssignment,
  common: Pick<VirtualUserContext, 'parts' | 'seed'> & { readonly stopping: AbortSignal },
  signal: AbortSignal,
): Users {
  const sessions = new WeakSet<Session>()
  const context = {
    ...common,
    clock,
    breath: new Breath(clock, longestWithoutTurnMs),
    ...(program.provide !== undefined && {
      provide: (key: IterationKey) => program.provide?.(key, assignment, common.stopping) ?? true,
    }),
    body: (session: Session, key: IterationKey) => program.body(session, key, assignment),
    fail: program.fail,
  }
  const create: LoadRun['program']['createSession'] = (options) => {
    const session = program.createSession({ ...options, segment: assignment.segment })
    sessions.add(session)
    return session
  }
  const vus = Array.from({ length: segmentSize(assignment.segment, plan.load.vus) }, (_, position) => {
    const vuId = globalIndex(assignment.segment, position) + 1
    const open = sessionsOf(plan, assignment, vuId, signal, create)
    return new VirtualUser(vuId, open, context)
  })
  return { vus, owns: (session) => sessions.has(session) }
}

/** Opens one session after the other for the users that have the same number. */
function sessionsOf(
  { load }: LoadPlan,
  { runId }: RunAssignment,
  vuId: number,
  signal: AbortSignal,
  create: LoadRun['program']['createSession'],
): () => OpenSession {
  // A signal of its own for each user only where users go one by one.
  if (load.executor !== 'ramping-vus') return () => ({ session: create({ vuId, runId, signal }), end: endWithAll })
  let opened = 0
  return () => {
    const own = new AbortController()
    opened += 1
    // Another one's ids must not be given out again.
    const ownId = opened === 1 ? runId : `${runId}.${opened}`
    const session = create({ vuId, runId: ownId, signal: AbortSignal.any([signal, own.signal]) })
    return { session, end: () => own.abort() }
  }
}

/** For a session that the signal of all ends. One function: a closure for each user would be part of what it weighs. */
function endWithAll(): void {}
