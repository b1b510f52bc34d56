import { messageOf } from '../shared/errors.ts'

/** What several tasks of one `runAll` threw: told apart from an `AggregateError` of the user's. */
class TaskErrors extends AggregateError {
  readonly thrown: readonly unknown[]

  constructor(thrown: readonly unknown[]) {
    super(thrown, thrown.map(messageOf).join('\n'))
    this.thrown = thrown
  }
}

/**
 * Runs everything in order, also after something has thrown: what was set up is torn down, whatever happened between.
 *
 * @throws what was thrown, or an `AggregateError` that tells everything when it was more than one.
 */
export async function runAll(...tasks: readonly (() => unknown)[]): Promise<void> {
  const errors: unknown[] = []
  for (const task of tasks) {
    try {
      await task()
    } catch (thrown) {
      if (thrown instanceof TaskErrors) errors.push(...thrown.thrown)
      else errors.push(thrown)
    }
  }
  if (errors.length > 1) throw new TaskErrors(errors)
  if (errors.length === 1) throw errors[0]
}
