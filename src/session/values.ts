import { LoadError } from '../shared/errors.ts'
import { requireFrame } from './current.ts'
import type { Session } from './session.ts'
import { defineSlot, type Slot } from './slot.ts'

/** A value that a virtual user keeps from one iteration to the next. In an ordinary test it is the test's. */
export interface SessionValue<Value> {
  /** What is kept; `undefined` where nothing is. */
  get(): Value | undefined
  set(value: Value): void
  delete(): void
  /**
   * What is kept, or what `create` makes, which is kept from then on. Callers that come while it is made wait for it: it
   * is made once. What throws is not kept, so that the next call tries again.
   */
  getOrCreate(create: () => Value | PromiseLike<Value>): Promise<Value>
}

interface Kept {
  readonly values: Map<string, unknown>
  /** What is being made. */
  readonly pending: Map<string, Promise<unknown>>
}

const keptSlot: Slot<Kept> = defineSlot<Kept>('session values')

/**
 * Names a value that each virtual user keeps for itself over its iterations, such as a token. What two declarations of one
 * name keep is one value. It belongs to the user: `setup`, the iterations and `teardown` see the same one, other users and
 * other scenarios do not, and an ordinary test has its own.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` without a name. Its methods: `ERR_LOAD_CONTEXT` outside of a scenario or test.
 * @example
 * ```ts
 * const token = session<string>('token')
 *
 * const { bearer } = await token.getOrCreate(() => http.post('/auth/login', { json: user }).expect(200).json(Token))
 * ```
 */
export function session<Value>(name: string): SessionValue<Value> {
  if (typeof name !== 'string' || name.trim() === '') {
    throw new LoadError('ERR_LOAD_OPTIONS', 'session() takes a name that is not empty. Write session<string>("token").')
  }
  const caller = `session('${name}')`
  const current = (): Session => requireFrame(caller).session
  return {
    get: () => keptOf(current())?.values.get(name) as Value | undefined,
    set: (value) => put(keepIn(current()), name, value),
    delete: () => put(keepIn(current()), name, undefined),
    getOrCreate: async (create) => {
      if (typeof create !== 'function') {
        const received = `received a value of type ${typeof create}`
        throw new LoadError(
          'ERR_LOAD_OPTIONS',
          `${caller}.getOrCreate() takes a function that makes the value; ${received}.`,
        )
      }
      return (await getOrCreate(keepIn(current()), name, create)) as Value
    },
  }
}

function keptOf(owner: Session): Kept | undefined {
  return owner.get(keptSlot)
}

function keepIn(owner: Session): Kept {
  const known = keptOf(owner)
  if (known !== undefined) return known
  const kept: Kept = { values: new Map(), pending: new Map() }
  owner.set(keptSlot, kept)
  return kept
}

/** What was set while another value is being made stays: it is newer. */
function put({ values, pending }: Kept, name: string, value: unknown): void {
  pending.delete(name)
  if (value === undefined) values.delete(name)
  else values.set(name, value)
}

function getOrCreate(kept: Kept, name: string, create: () => unknown): unknown {
  const { values, pending } = kept
  const known = values.get(name)
  if (known !== undefined) return known
  const under = pending.get(name)
  if (under !== undefined) return under
  const made = (async () => create())()
  pending.set(name, made)
  const end = (value: unknown): void => {
    if (pending.get(name) === made) put(kept, name, value)
  }
  made.then(end, () => end(undefined))
  return made
}
