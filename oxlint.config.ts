import { posix } from 'node:path'
import { defineConfig, type OxlintOverride } from 'oxlint'

/**
 * Which way imports point: the table of section 3 of the design, as data. A folder may import itself and what stands
 * in `imports`, nothing else; a package named in `packages` has its home there. Later scopes win over earlier ones, so
 * that one file can differ from its folder.
 */
interface Scope {
  /** A folder, or a single file. */
  readonly path: string
  /** Folders (`shared`) or files (`slo/model.ts`) under src; `reporters` is the folder beside it. */
  readonly imports: readonly string[]
  /** Packages that only this scope, and others that name them too, may import. */
  readonly packages?: readonly Home[]
  /** Vitest is off limits even as a type. */
  readonly strangerToVitest?: boolean
}

type Home = keyof typeof homes

interface Restriction {
  readonly group: string[]
  readonly message: string
  readonly allowTypeImports?: boolean
}

/**
 * Packages with a home: every specifier that reaches them. No `!` here: oxlint stops at a negated match and skips the
 * groups that follow.
 */
const homes = {
  chalk: ['chalk', 'chalk/**'],
  'csv-parse': ['csv-parse', 'csv-parse/**'],
  'eventsource-parser': ['eventsource-parser', 'eventsource-parser/**'],
  'hdr-histogram-js': ['hdr-histogram-js', 'hdr-histogram-js/**'],
  'jsonpath-plus': ['jsonpath-plus', 'jsonpath-plus/**'],
  // Parsers of HTML and XML, and what searches them.
  markup: ['css-select', 'htmlparser2', 'domutils', 'xpath', '@xmldom/xmldom'],
  msw: ['msw', 'msw/**', '@mswjs/**'],
  'tough-cookie': ['tough-cookie', 'tough-cookie/**'],
  undici: ['undici', 'undici/**'],
  worker_threads: ['node:worker_threads', 'worker_threads'],
  zod: ['zod', 'zod/**'],
  // Vitest in a thread: `expect`, the runner. Its types may be imported anywhere but in the engine.
  vitest: ['vitest', 'vitest/worker', 'vitest/runtime', 'vitest/internal/**', '@vitest/**'],
  // Vitest in the main process.
  'vitest/node': ['vitest/node', 'vitest/config'],
} as const

const core = ['session', 'options', 'results', 'slo', 'metrics', 'shared']

const scopes: readonly Scope[] = [
  { path: 'src/shared', imports: [] },
  { path: 'src/metrics', imports: ['shared'] },
  { path: 'src/metrics/histogram.ts', imports: ['metrics', 'shared'], packages: ['hdr-histogram-js'] },
  { path: 'src/slo', imports: ['results', 'metrics', 'shared'] },
  { path: 'src/slo/model.ts', imports: ['shared'] },
  { path: 'src/results', imports: ['slo/model.ts', 'metrics', 'shared'] },
  { path: 'src/options', imports: ['slo/model.ts', 'shared'], packages: ['zod'] },
  { path: 'src/session', imports: ['shared'], packages: ['tough-cookie'] },
  { path: 'src/engine', imports: ['session', 'options', 'metrics', 'results', 'shared'], strangerToVitest: true },
  { path: 'src/protocols', imports: ['metrics', 'session', 'shared'] },
  {
    path: 'src/http',
    imports: ['protocols', 'session', 'metrics', 'shared'],
    packages: ['undici', 'jsonpath-plus', 'markup', 'eventsource-parser'],
  },
  { path: 'src/offline', imports: ['http', 'shared'], packages: ['msw'] },
  { path: 'src/data', imports: ['session', 'shared'], packages: ['csv-parse'] },
  {
    path: 'src/dsl',
    imports: ['data', 'offline', 'http', 'protocols', 'engine', ...core],
    packages: ['vitest'],
  },
  {
    path: 'src/pool',
    imports: ['options', 'results', 'slo', 'metrics', 'shared'],
    packages: ['vitest/node', 'worker_threads'],
  },
  {
    path: 'src/worker',
    imports: ['dsl', 'offline', 'engine', 'session', 'options', 'pool/messages.ts', 'shared'],
    packages: ['vitest', 'worker_threads'],
  },
  { path: 'src/config', imports: ['options', 'pool', 'shared', 'reporters'], packages: ['vitest/node'] },
  {
    path: 'src/index.ts',
    imports: ['dsl', 'data', 'offline', 'http', 'protocols', 'engine', ...core],
  },
  { path: 'src/config.ts', imports: ['config', 'options', 'pool', 'shared', 'reporters'], packages: ['vitest/node'] },
  { path: 'reporters', imports: ['results', 'slo/model.ts', 'shared'], packages: ['vitest/node', 'chalk'] },
]

const itself = ['vitest-load', 'vitest-load/**']
/** How many levels of subfolders the patterns reach; what lies deeper falls to `unplaced`. */
const levels = [0, 1, 2]
const see = 'See the table in oxlint.config.ts.'

/** A source file outside of every scope may import no other file, so that a new folder enters the table at once. */
const unplaced: OxlintOverride = {
  files: ['src/**/*.ts', 'reporters/**/*.ts'],
  rules: restrictImports([{ group: ['./**', '../**'], message: `This file has no place yet. ${see}` }]),
}

/** Specs and examples are read as models: they use the package as its users do. */
function publicOnly(files: string[], mainProcess: string[] = []): OxlintOverride {
  const group = ['**/src/**', '**/reporters/**', '**/dist/**', ...mainProcess]
  return {
    files,
    rules: restrictImports([{ group, message: `Import 'vitest-load' or one of its entry points. ${see}` }]),
  }
}

/** The overrides of one scope. Specifiers are relative, so every level of subfolders has its own patterns. */
function boundariesOf(scope: Scope): OxlintOverride[] {
  const { path, imports } = scope
  const isFile = path.endsWith('.ts')
  return (isFile ? [0] : levels).map((level) => {
    const folder = isFile ? posix.dirname(path) : `${path}${'/*'.repeat(level)}`
    const outside = isFile ? ['./**', '../**'] : ['./../**', `${'../'.repeat(level + 1)}**`]
    const allowed = imports.map((target) => `!${specifier(folder, target)}`)
    const direction = `${path} may import ${imports.join(', ') || 'no other folder'}. ${see}`
    return {
      files: [isFile ? path : `${folder}/*.ts`],
      rules: restrictImports([
        { group: [...outside, ...allowed], message: direction },
        { group: itself, message: 'Inside the package, import the file.' },
        ...foreignHosts(scope),
      ]),
    }
  })
}

function foreignHosts({ packages = [], strangerToVitest = false }: Scope): Restriction[] {
  const foreign = Object.entries(homes).filter(([home]) => !packages.some((own) => own === home))
  return foreign.map(([home, specifiers]) => ({
    group: [...specifiers],
    message: `${home} has its home elsewhere. ${see}`,
    allowTypeImports: home === 'vitest' && !strangerToVitest,
  }))
}

/** How a file in `folder` writes what `target` names: a file, or everything in a folder. */
function specifier(folder: string, target: string): string {
  const path = posix.relative(folder, target === 'reporters' ? target : `src/${target}`)
  const relative = path === '' ? '.' : path.startsWith('.') ? path : `./${path}`
  return target.endsWith('.ts') ? relative : `${relative}/**`
}

function restrictImports(patterns: Restriction[]): NonNullable<OxlintOverride['rules']> {
  return { 'no-restricted-imports': ['error', { patterns }] }
}

const tests = ['**/*.test.ts', '**/*.test-d.ts', '{src,reporters}/**/fixtures/**/*.ts', 'test/**/*.ts']

export default defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise'],
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  ignorePatterns: ['dist/**', 'coverage/**', '.vitest-load/**'],
  categories: { correctness: 'error', suspicious: 'error' },
  rules: {
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'max-lines': ['error', { max: 400 }],
    'max-lines-per-function': ['error', { max: 80 }],
    'no-var': 'error',
    'object-shorthand': 'error',
    'prefer-const': 'error',

    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-default-export': 'error',
    'import/no-duplicates': 'error',
    'import/no-mutable-exports': 'error',

    'typescript/consistent-type-imports': 'error',
    'typescript/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    'typescript/no-deprecated': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-import-type-side-effects': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-unnecessary-condition': 'error',
    'typescript/no-unsafe-argument': 'error',
    'typescript/no-unsafe-assignment': 'error',
    'typescript/no-unsafe-call': 'error',
    'typescript/no-unsafe-member-access': 'error',
    'typescript/no-unsafe-return': 'error',
    'typescript/only-throw-error': 'error',
    'typescript/prefer-nullish-coalescing': 'error',
    'typescript/prefer-readonly': 'error',
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/use-unknown-in-catch-callback-variable': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'unicorn/prefer-node-protocol': 'error',
    'unicorn/throw-new-error': 'error',

    // Off, each for what it reports in correct code.
    'no-underscore-dangle': 'off',
    'promise/always-return': 'off',
    'typescript/consistent-return': 'off',
    'typescript/no-generated-empty-object-type': 'off',
    'typescript/no-misused-spread': ['error', { allow: ['string'] }],
    'typescript/no-unsafe-type-assertion': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/require-post-message-target-origin': 'off',
  },
  overrides: [
    unplaced,
    ...scopes.flatMap(boundariesOf),
    publicOnly(['specs/**/*.ts', 'examples/**/*.ts'], ['vitest/node']),
    publicOnly(['examples/**/global-setup.ts']),
    { files: ['src/**/*.ts', 'reporters/**/*.ts'], rules: { 'no-console': ['error', { allow: ['warn', 'error'] }] } },
    {
      files: tests,
      plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise', 'vitest'],
      rules: {
        'max-lines-per-function': 'off',
        'no-restricted-imports': 'off',
        // `expect.any()`, `once()` and the like are `any`.
        'typescript/no-unsafe-argument': 'off',
        'typescript/no-unsafe-assignment': 'off',
        'typescript/unbound-method': 'off',
      },
    },
    { files: ['**/*.config.ts'], rules: { 'import/no-default-export': 'off' } },
  ],
})
