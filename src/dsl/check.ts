import { requireFrame } from '../session/current.ts'
import { runContextSlot } from './run-context.ts'

/**
 * Counts whether a condition holds, under a name, and returns it. Never throws: the iteration goes on. Under load the
 * share of passed checks is an objective of its own (at least 99 % unless declared otherwise); an ordinary test fails when
 * one of its checks does.
 *
 * @throws {LoadError} `ERR_LOAD_CONTEXT` outside of a scenario or test.
 * @example
 * ```ts
 * check('has a price', product.priceCents > 0)
 * ```
 */
export function check(name: string, condition: unknown): boolean {
  const frame = requireFrame(`check('${name}')`)
  const passed = Boolean(condition)
  if (!frame.scope.cut && !frame.scope.hook) frame.session.get(runContextSlot)?.metrics.check(name, frame.path, passed)
  return passed
}
