import { chai, expect, vi } from 'vitest'
import { currentFrame } from '../session/current.ts'
import { LoadError } from '../shared/errors.ts'
import { endLoad } from './run-context.ts'

type AnyFunction = (this: unknown, ...input: unknown[]) => unknown

const snapshotMatchers = [
  'toMatchSnapshot',
  'matchSnapshot',
  'toMatchInlineSnapshot',
  'toMatchFileSnapshot',
  'toThrowErrorMatchingSnapshot',
  'toThrowErrorMatchingInlineSnapshot',
]

const useCheck = "Use check('name', condition) to count without ending the iteration, or expect() to end it"

const installedKey = Symbol.for('vitest-load.refusals')
const registry = globalThis as { [installedKey]?: boolean }

/**
 * Refuses in a thread of the load pool what cannot work there. In a body, thousands of iterations would write one
 * snapshot, or gather errors and counts on Vitest's one test: that ends the load at once. Fake timers would stop it.
 */
export function installRefusals(): void {
  if (registry[installedKey] === true) return
  registry[installedKey] = true
  for (const name of snapshotMatchers) refuseMatcher(name)
  const matchers = expect as unknown as Record<string, AnyFunction>
  refuseIn(matchers, 'soft', 'expect.soft()', useCheck)
  const oneTest = 'All iterations are one test to Vitest, which counts assertions per test. Leave it out'
  refuseIn(matchers, 'assertions', 'expect.assertions()', oneTest)
  refuseIn(matchers, 'hasAssertions', 'expect.hasAssertions()', oneTest)
  vi.useFakeTimers = () => {
    throw refusal('vi.useFakeTimers()', 'A load runs in real time, and would stand still. Keep it to ordinary tests')
  }
}

function refuseMatcher(name: string): void {
  const { prototype } = chai.Assertion as unknown as { prototype: Record<string, AnyFunction> }
  if (prototype[name] === undefined) return
  chai.util.overwriteMethod(prototype, name, (original: AnyFunction) => {
    return function (this: unknown, ...input: unknown[]): unknown {
      refuse(
        `.${name}()`,
        'Iterations differ, and would all write the same snapshot. Compare with toEqual() or a schema',
      )
      return original.apply(this, input)
    }
  })
}

function refuseIn(owner: Record<string, AnyFunction>, name: string, label: string, advice: string): void {
  const original = owner[name]
  if (original === undefined) return
  owner[name] = function (this: unknown, ...input: unknown[]): unknown {
    refuse(label, advice)
    return original.apply(this, input)
  }
}

/** In a scenario, ends its load; elsewhere in the thread, in Vitest's own hooks for instance, nothing is wrong. */
export function refuse(label: string, advice: string): void {
  const frame = currentFrame()
  if (frame !== undefined) endLoad(frame, refusal(label, advice))
}

function refusal(label: string, advice: string): LoadError {
  return new LoadError('ERR_LOAD_UNSUPPORTED', `${label} does not work under load. ${advice}.`)
}
