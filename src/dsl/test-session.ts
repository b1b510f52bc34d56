import { TestRunner, type TestContext } from 'vitest'
import { createRootFrame, frames, setFrameFallback, type Frame } from '../session/current.ts'
import { openOrdinarySession, throwCounted } from './functional-test.ts'

const opened = new WeakMap<object, Frame>()

/**
 * Lets `http`, `step` and `check` work inside plain `test()`s: each test has a session of its own. Without further ado it
 * is found by Vitest's current test, which is right as long as tests run one after another; a functional project's set-up
 * file enters it around each test, so that concurrent ones do not mix.
 */
export function installTestSessions(): void {
  setFrameFallback(() => {
    const test = TestRunner.getCurrentTest()
    return test === undefined ? undefined : frameOf(test.context)
  })
}

/** Runs a test with its own session around everything it does. */
export async function aroundTest(runTest: () => Promise<void>, context: TestContext): Promise<void> {
  await frames.run(frameOf(context), runTest)
}

function frameOf(context: TestContext): Frame {
  const known = opened.get(context.task)
  if (known !== undefined) return known
  const { session, context: run } = openOrdinarySession({ scenario: context.task.name, signal: context.signal })
  const frame = createRootFrame(session)
  opened.set(context.task, frame)
  context.onTestFinished(async () => {
    opened.delete(context.task)
    await session.close()
    throwCounted(run, { requests: false })
  })
  return frame
}
