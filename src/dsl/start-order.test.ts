import type { RunnerTestCase, RunnerTestSuite } from 'vitest'
import { expect, it } from 'vitest'
import { runsWithOpenLoad, scenarioMark } from './start-order.ts'

interface Written {
  readonly isOpen: boolean
  readonly mode?: 'run' | 'skip'
  readonly concurrent?: boolean
}

/** The tests `load` of scenarios that stand side by side in a file. */
function loadsOf(scenarios: readonly Written[]): RunnerTestCase[] {
  const file = { type: 'suite', name: 'a.spec.ts', tasks: [] as unknown[], file: undefined as unknown }
  file.file = file
  return scenarios.map(({ isOpen, mode = 'run', concurrent = true }) => {
    const mark = { startAfter: undefined, isOpen, site: new Error('here') }
    const suite = { type: 'suite', name: 's', mode, concurrent, file, tasks: [] as unknown[], [scenarioMark]: mark }
    const load = { type: 'test', name: 'load', mode, suite: suite as unknown as RunnerTestSuite }
    suite.tasks.push(load)
    file.tasks.push(suite)
    return load as unknown as RunnerTestCase
  })
}

it('finds an open load among those that run at once', () => {
  const outcomes = (scenarios: readonly Written[]): boolean[] => loadsOf(scenarios).map(runsWithOpenLoad)
  expect(outcomes([{ isOpen: false }, { isOpen: true }])).toEqual([true, true])
  expect(outcomes([{ isOpen: false }, { isOpen: false }])).toEqual([false, false])
  expect(outcomes([{ isOpen: false }, { isOpen: true, concurrent: false }])).toEqual([false, true])
  expect(outcomes([{ isOpen: false }, { isOpen: true, mode: 'skip' }])).toEqual([false, false])
})
