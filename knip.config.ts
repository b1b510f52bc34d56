import type { KnipConfig } from 'knip'

// `knip` judges the whole repository. `knip --production` leaves the tests out, and so finds code that only its own
// tests use; an internal function that its file calls may well be exported for a test.
const production = process.argv.includes('--production')

export default {
  entry: [
    'src/index.ts!',
    'src/config.ts!',
    'reporters/index.ts!',
    // Started by path, from the pool.
    'src/worker/entry.ts!',
    'specs/**/*.spec.ts',
    'examples/store/{main,global-setup}.ts',
    'test/**/*.ts',
    'bench/**/*.ts',
    '**/*.{test,test-d}.ts',
  ],
  project: [
    'src/**/*.ts!',
    'reporters/**/*.ts!',
    '!**/{fixtures/**,*.test.ts,*.test-d.ts}!',
    '{examples,specs,test,bench}/**/*.ts',
    '*.ts',
  ],
  // `node` is a binary that npx and npm scripts run.
  ignoreDependencies: ['node'],
  // `loadTest` is `scenario` under the name that Vitest's static discovery knows.
  ignoreIssues: { 'src/dsl/scenario.ts': ['duplicates'] },
  ignoreExportsUsedInFile: production || { interface: true, type: true },
} satisfies KnipConfig
