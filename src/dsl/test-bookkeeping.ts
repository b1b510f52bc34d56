import { clearInterval, setInterval } from 'node:timers'
import { refuse } from './refusals.ts'

/** What Vitest keeps on a test until it ends, and what iterations would let grow. */
export interface Bookkeeping {
  /** Functions of async matchers, each of which throws when nobody has awaited it, and those of `onTestFinished`. */
  onFinished?: (() => unknown)[] | undefined
  onFailed?: (() => unknown)[] | undefined
  /** Async matchers under way: Vitest waits for them, also for those that never settle. */
  promises?: unknown[] | undefined
}

const trimIntervalMs = 1000
/** How Vitest names what `onTestFinished` registers; matchers register functions without a name. */
const hookName = 'runWithTimeout'

const advice = 'Iterations are no tests of their own. Use try … finally, or teardown for each virtual user'

/**
 * Drops once a second what iterations leave on Vitest's one test. What is older than that second is asked before whether
 * it was awaited; if not, that is an error nobody can catch. Returns a function that ends this.
 */
export function trimBookkeeping(task: Bookkeeping): () => void {
  const own = task.onFinished?.length ?? 0
  refuseHooks(task)
  let older: (() => unknown)[] = []
  const trim = (): void => {
    task.promises?.splice(0)
    const errors = older.flatMap(findError)
    older = task.onFinished?.splice(own) ?? []
    // One tells as much as thousands of them.
    if (errors.length > 0) void Promise.reject(errors[0])
  }
  const timer = setInterval(trim, trimIntervalMs)
  return () => {
    clearInterval(timer)
    trim()
    trim()
    task.promises = undefined
  }
}

function findError(check: () => unknown): unknown[] {
  try {
    check()
    return []
  } catch (error) {
    return [error]
  }
}

function refuseHooks(task: Bookkeeping): void {
  task.onFailed = Object.assign([...(task.onFailed ?? [])], {
    push: (...hooks: (() => unknown)[]): number => {
      refuse('onTestFailed()', advice)
      return Array.prototype.push.apply(task.onFailed, hooks)
    },
  })
  task.onFinished = Object.assign([...(task.onFinished ?? [])], {
    push: (...hooks: (() => unknown)[]): number => {
      if (hooks.some((hook) => hook.name === hookName)) refuse('onTestFinished()', advice)
      return Array.prototype.push.apply(task.onFinished, hooks)
    },
  })
}
