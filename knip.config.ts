import type { KnipConfig } from 'knip'

// `knip` judges the whole repository. `knip --production` leaves the tests out, and so finds code that only its own
// tests use; an internal function that its file calls may well be exported for a test.
const production = process.argv.includes('--production')

export default {
  entry: [
    'src/index.ts!',
    'src/config.ts!',
    'reporters/index.ts!',
    // Started by path: a thread of the pool, and what set-up files import or are.
    'src/worker/{entry,functional-setup,offline-setup}.ts!',
    'specs/**/*.spec.ts',
    'examples/store/{main,global-setup}.ts',
    'examples/quickstart/{vitest.config,mocks/handlers}.ts',
    'test/**/*.ts',
    'bench/**/*.ts',
    'docs/*.ts',
    '**/*.{test,test-d}.ts',
  ],
  project: [
    'src/**/*.ts!',
    'reporters/**/*.ts!',
    // The run host without a pool: what tests and benchmarks of the engine run on.
    '!src/engine/local-host.ts!',
    '!**/{fixtures/**,*.test.ts,*.test-d.ts}!',
    '{examples,specs,test,bench,docs}/**/*.ts',
    '*.ts',
  ],
  // `loadTest` is `scenario` under the name that Vitest's static discovery knows.
  ignoreIssues: { 'src/dsl/scenario.ts': ['duplicates'] },
  // A plugin of the offline project makes it.
  ignoreUnresolved: ['vitest-load-offline-setup.js'],
  ignoreExportsUsedInFile: production || { interface: true, type: true },
} satisfies KnipConfig
