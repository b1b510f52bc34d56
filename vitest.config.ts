import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { functionalProject, loadProject } from './src/config.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** On how many threads a test of `e2e` or `e2e-long` tries what has to hold on any. */
    threadCounts: readonly number[]
  }
}

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Specs and examples import the package by its name, as a user does; here that is the source. */
const alias = {
  'vitest-load/config': source('src/config.ts'),
  'vitest-load/reporters': source('reporters/index.ts'),
  'vitest-load': source('src/index.ts'),
}

const specs = { include: ['specs/store/*.spec.ts'], config: { resolve: { alias } } }
const handlers = './examples/store/handlers.ts'

/** The store is started by each project for itself, on a free port. `LOAD_OFFLINE=1` leaves it alone. */
const store = {
  ...specs,
  globalSetup: 'examples/store/global-setup.ts',
  baseUrl: { inject: 'storeUrl' },
  offline: { handlers, enabled: false },
}

/** The store shares the machine with its load, and in CI with others: lateness counts against limits of a second or more. */
const besideOthers = { startLag: '250ms', eventLoopDelay: '250ms' } as const

/** What Vitest does to a load and we in Vitest, and what the machine itself and odd bodies do to one. */
const longTests = [
  'test/e2e/vitest-*.test.ts',
  'test/e2e/{awkward-bodies,blocked,bounds,capacity*,careless-bodies,generator-limits,high-rate,odd-throws,out-of-memory}.test.ts',
  'test/e2e/{interrupts,million-rows,misbehaving-*,mixes,no-accident,objectives-over-time,results-folder,terminals,threads,twelve-scenarios}.test.ts',
  'test/e2e/{closed-loops,cut-requests,data-rows-refused,late-generator,offline-settings,profiles,refusals,refused-calls}.test.ts',
  'test/e2e/{replay-data,selection,shared-connections,start-order}.test.ts',
]
/** What has to hold on one thread as well as on many. */
const onAnyThreads = ['test/e2e/{connections,counts}.test.ts']

/** Tests of what leaves something behind: the DSL surrounds all tests with sessions, the store replaces the global `Response`. */
const isolatedTests = ['{src/dsl,examples}/**/*.test.ts', 'test/*.test.ts']

const endToEnd = {
  include: ['test/e2e/**/*.test.ts'],
  testTimeout: 200_000,
  maxWorkers: 3,
  sequence: { groupOrder: 1 },
}

export default defineConfig({
  test: {
    projects: [
      // Without a process for each file they take a third of the time.
      {
        test: { name: 'unit', include: ['{src,reporters,docs}/**/*.test.ts'], exclude: isolatedTests, isolate: false },
      },
      { resolve: { alias }, test: { name: 'isolated', include: isolatedTests } },
      { resolve: { alias }, test: { ...endToEnd, name: 'e2e', exclude: longTests, provide: { threadCounts: [2] } } },
      // Takes as long as all the rest: for whoever changes how we sit in Vitest, and for the gate.
      {
        resolve: { alias },
        test: {
          ...endToEnd,
          name: 'e2e-long',
          include: [...longTests, ...onAnyThreads],
          provide: { threadCounts: [1, 4] },
        },
      },
      { test: { name: 'types', include: ['test/types/**/*.test.ts'], testTimeout: 60_000 } },
      functionalProject(store),
      // `LOAD_PROFILE=smoke npm run load`: whether every scenario works under load, in a few seconds.
      loadProject({ ...store, validity: besideOthers, profiles: { smoke: { load: { vus: 5, duration: '1s' } } } }),
      loadProject({ ...specs, name: 'offline', offline: handlers }),
    ],
  },
})
