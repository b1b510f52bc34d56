import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import * as config from 'vitest-load/config'
import * as reporters from 'vitest-load/reporters'
import * as spec from 'vitest-load'

// What users import. A name that goes is a breaking change; a name that comes is a promise.
it("exports what a spec needs from 'vitest-load'", () => {
  expect(Object.keys(spec).toSorted()).toMatchInlineSnapshot(`
    [
      "LoadError",
      "capacity",
      "check",
      "csv",
      "expectCapacity",
      "expectChecks",
      "expectErrorRate",
      "expectLatency",
      "expectThroughput",
      "generated",
      "http",
      "json",
      "loadErrorCodes",
      "loadTest",
      "mix",
      "rows",
      "run",
      "scenario",
      "session",
      "spike",
      "stairs",
      "step",
      "streamed",
      "think",
      "vu",
    ]
  `)
})

it("exports the projects and the pool from 'vitest-load/config'", () => {
  expect(Object.keys(config).toSorted()).toMatchInlineSnapshot(`
    [
      "functionalProject",
      "loadPool",
      "loadProject",
    ]
  `)
})

it("exports the reporter from 'vitest-load/reporters'", () => {
  expect(Object.keys(reporters).toSorted()).toMatchInlineSnapshot(`
    [
      "LoadReporter",
    ]
  `)
})

it('has no other entry points', async () => {
  const file = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  const { exports } = JSON.parse(file) as { exports: Record<string, unknown> }

  expect(Object.keys(exports)).toEqual(['.', './config', './reporters', './package.json'])
})
