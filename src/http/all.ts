import { requireFrame } from '../session/current.ts'
import { turnAway } from '../session/turn-away.ts'
import { LoadError } from '../shared/errors.ts'
import { asSentence, unknownOption } from '../shared/text.ts'
import { defaultHttpConfig, httpConfigSlot } from './config.ts'
import { kindOf, shown } from './request-problems.ts'

/** Something that makes a request, and may go on with its answer. */
export type RequestTask = () => unknown

/** Several of them, in order or by name. */
export type RequestTasks = readonly RequestTask[] | Readonly<Record<string, RequestTask>>

/** What each of several tasks comes to, in the same order or under the same name. */
export type TaskResults<Tasks extends RequestTasks> = {
  -readonly [Name in keyof Tasks]: Tasks[Name] extends () => infer Result ? Awaited<Result> : never
}

/** How `http.all` makes its requests. */
export interface AllOptions {
  /** How many are under way at once. @default the project's `parallel`, which is 6, as in browsers */
  readonly parallel?: number
}

/** See `Http.all`. */
export async function all<const Tasks extends RequestTasks>(
  tasks: Tasks,
  options?: AllOptions,
): Promise<TaskResults<Tasks>> {
  const { session } = requireFrame('http.all()')
  const problems = problemsOf(tasks, options)
  if (problems.length > 0) {
    await turnAway(session)
    throw new LoadError('ERR_LOAD_OPTIONS', asSentence(`http.all(): ${problems.join('; ')}`))
  }
  const parallel = options?.parallel ?? (session.get(httpConfigSlot) ?? defaultHttpConfig).parallel
  const entries = Object.entries(tasks as Readonly<Record<string, RequestTask>>)
  const results: Record<string, unknown> = Array.isArray(tasks) ? ([] as never) : {}
  let failed: { readonly thrown: unknown } | undefined
  const waiting = entries.values()
  // Several take from one iterator: each task is taken once.
  const work = async (): Promise<void> => {
    for (const [key, task] of waiting) {
      try {
        results[key] = await task()
      } catch (thrown) {
        failed ??= { thrown }
      }
      if (failed !== undefined) return
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallel, entries.length) }, work))
  if (failed !== undefined) throw (failed as { readonly thrown: Error }).thrown
  return results as TaskResults<Tasks>
}

function problemsOf(tasks: unknown, options: unknown): string[] {
  if (typeof tasks !== 'object' || tasks === null || hasBegun(tasks))
    return [`expected an array or an object of functions, received ${received(tasks)}`]
  const problems = Object.entries(tasks).flatMap(([key, task]: [string, unknown]) => {
    if (typeof task === 'function') return []
    return [`${key}: expected a function that makes the request, such as () => http.get(…), received ${received(task)}`]
  })
  const { parallel, ...others } = (options ?? {}) as AllOptions
  for (const name of Object.keys(others)) problems.push(`${name}: ${unknownOption(name, ['parallel'])}`)
  if (parallel !== undefined && !(Number.isInteger(parallel) && parallel >= 1))
    problems.push(`parallel: expected a whole number from 1, received ${shown(parallel)}`)
  return problems.slice(0, 5)
}

function hasBegun(task: unknown): boolean {
  return typeof task === 'object' && task !== null && 'then' in task
}

function received(task: unknown): string {
  return hasBegun(task) ? 'a request that has started already' : kindOf(task)
}
