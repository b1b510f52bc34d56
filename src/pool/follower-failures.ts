import type { RunnerTask } from 'vitest'
import type { Vitest } from 'vitest/node'
import type { SerializedLoadError } from '../shared/errors.ts'

interface FollowerFailure {
  readonly thread: number
  readonly error: SerializedLoadError
}

/** What hooks and tests of followers threw. Mostly the leader reports the same; what it does not, would be lost. */
export class FollowerFailures {
  readonly #vitest: Vitest
  readonly #failures: FollowerFailure[] = []

  constructor(vitest: Vitest) {
    this.#vitest = vitest
  }

  add(thread: number, error: SerializedLoadError): void {
    this.#failures.push({ thread, error })
  }

  /** The message of the first failure of a thread. */
  firstOf(thread: number): string | undefined {
    return this.#failures.find((failure) => failure.thread === thread)?.error.message
  }

  /** Tells Vitest what no test of the file has failed for; it fails the test run. */
  report(file: RunnerTask | undefined): void {
    const told = new Set<string>()
    for (const { thread, error } of this.#failures) {
      if (told.has(error.message) || isTold(file, error.message)) continue
      told.add(error.message)
      const message = `In thread ${thread + 1} of the load generator: ${error.message}`
      const { name, stack } = error
      this.#vitest.state.catchError({ name, message, stack }, 'Unhandled Error')
    }
  }
}

/** Whether something in a file or suite has failed with this message, or for it. */
export function isTold(task: RunnerTask | undefined, message: string): boolean {
  if (task?.result?.errors?.some((error) => error.message.includes(message)) === true) return true
  return task?.type === 'suite' && task.tasks.some((child) => isTold(child, message))
}
