import { currentFrame, requireFrame, type Frame } from '../session/current.ts'
import { LoadError } from '../shared/errors.ts'
import { callOf, ignoreRejection, isName, isThenable, showReceived } from './arguments.ts'
import { endLoad, runContextSlot } from './run-context.ts'

/**
 * Counts whether a condition holds, under a name, and returns it. When it does not hold, the iteration goes on. Under load
 * the share of passed checks is an objective of its own (at least 99 % unless declared otherwise); an ordinary test fails
 * when one of its checks does.
 *
 * @throws {LoadError} `ERR_LOAD_CONTEXT` outside of a scenario or test; `ERR_LOAD_OPTIONS` without a name, or for a promise
 * or a function, which would hold whatever it comes to: as every iteration would do it, that ends the load.
 * @example
 * ```ts
 * check('has a price', product.priceCents > 0)
 * ```
 */
export function check(name: string, condition: unknown): boolean {
  const frame = currentFrame() ?? requireFrame(callOf('check', name))
  if (!isName(name) || typeof condition === 'function' || isThenable(condition)) refuse(frame, name, condition)
  const passed = Boolean(condition)
  if (!frame.scope.cut && !frame.scope.hook) {
    const context = frame.session.get(runContextSlot)
    context?.metrics.of(frame.scope).check(name, frame.path, passed)
    if (context?.trace !== undefined) context.trace.check(name, frame.path, passed)
  }
  return passed
}

function refuse(frame: Frame, name: unknown, condition: unknown): never {
  ignoreRejection(condition)
  const start = isName(name) ? callOf('check', name).slice(0, -1) : "check('name'"
  const problems: string[] = []
  let advice = `Write ${start}, condition)`
  if (!isName(name)) problems.push(`expected a name, received ${showReceived(name)}`)
  if (typeof condition === 'function') {
    problems.push('expected a condition, received a function, which would hold whatever it returns')
    advice = `Call it: ${start}, …())`
  } else if (isThenable(condition)) {
    problems.push('expected a condition, received a promise, which would hold whatever it comes to')
    advice = `Await it: ${start}, await …)`
  }
  const message = `${callOf('check', name)}: ${problems.join('; ')}. ${advice}.`
  return endLoad(frame, new LoadError('ERR_LOAD_OPTIONS', message))
}
