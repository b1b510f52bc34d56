import { expect, it } from 'vitest'
import type { TestProject } from 'vitest/node'
import { poolName } from '../pool/load-pool-worker.ts'
import { refuseOtherPool } from './refusals.ts'

const projectOf = (pool: string, browser: boolean): TestProject =>
  ({ name: 'load', config: { pool, browser: { enabled: browser } } }) as unknown as TestProject

it('refuses a browser, which takes the place of the pool', () => {
  expect(() => refuseOtherPool(projectOf(poolName, true))).toThrow(
    "The load project 'load' cannot run: browser mode is enabled, in which no load is sent. Run it without --browser, and enable browsers in the projects that need them.",
  )
  expect(() => refuseOtherPool(projectOf(poolName, false))).not.toThrow()
})
