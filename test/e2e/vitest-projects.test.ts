import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject, type Project } from './project.ts'

const visit = (name: string): string => `
  import { http, scenario } from 'vitest-load'
  scenario('${name}', { load: { vus: 2, iterations: 4 } }, async () => {
    await http.get(globalThis.window === undefined ? '/${name}' : '/${name}-with-window').expect(200)
  })
`

/** A module of a Vitest environment that sets a global. */
const environment = (global: string): string => `
  export default {
    name: 'own',
    viteEnvironment: 'ssr',
    setup(target) {
      target.${global} = {}
      return { teardown() {} }
    },
  }
`

/** Moves the projects of the root's configuration into a package's own, which has a DOM, and names that in the root's. */
async function nest({ folder }: Project): Promise<void> {
  const root = join(folder, 'vitest.config.ts')
  const text = await readFile(root, 'utf8')
  const withWindow = text.replace('test: {', `test: { environment: './window.ts',`)
  await writeFile(join(folder, 'packages/shop/vitest.config.ts'), withWindow)
  await writeFile(root, `export default { test: { projects: ['packages/*'] } }`)
}

it('runs load projects of a monorepo one after the other, each asked for by its full name, without an inherited DOM', async () => {
  const order: (string | undefined)[] = []
  const server = await startServer((request, response) => {
    if (order.at(-1) !== request.url) order.push(request.url)
    setImmediate(() => json(response, {}))
  })
  const project = await createProject(
    {
      'packages/shop/package.json': '{ "name": "shop", "type": "module" }',
      'packages/shop/window.ts': environment('window'),
      'packages/shop/a.spec.ts': visit('first'),
      'packages/shop/b.load.ts': visit('second'),
    },
    {
      load: `baseUrl: '${server.url}', threads: 2,`,
      functional: `baseUrl: '${server.url}',`,
      others: `loadProject({ name: 'heavy', include: ['*.load.ts'], baseUrl: '${server.url}', threads: 2 }),`,
    },
  )
  await nest(project)
  const bare = await project.vitest(['run', '--project', 'shop'])
  expect(bare.exitCode).toBe(0)
  expect(Object.fromEntries(server.requests)).toEqual({ 'GET /first-with-window': 1 })
  expect(bare.stdout).toContain('load not started')

  server.requests.clear()
  order.length = 0
  const asked = await project.vitest(['run', '--project', 'shop (load)', '--project', '*heavy*'])
  expect(asked.exitCode).toBe(0)
  expect(Object.fromEntries(server.requests)).toEqual({ 'GET /first': 4, 'GET /second': 4 })
  expect(order).toHaveLength(2)
  expect([...asked.results.values()].map((result) => result.project).toSorted()).toEqual([
    'shop (heavy)',
    'shop (load)',
  ])
})

it('honours mocks, matchers, environments and type tests of Vitest in every thread, and leaves fixtures to plain tests', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const project = await createProject(
    {
      'environment.ts': environment('fromEnvironment'),
      'setup.ts': `import { expect } from 'vitest'; expect.extend({ toBeEven: (value) => ({ pass: value % 2 === 0, message: () => value + ' is odd' }) })`,
      'path.ts': `export const path = () => '/real'`,
      'types.test-d.ts': `import { expectTypeOf, test } from 'vitest'; test('is a type test', () => { expectTypeOf(1).toBeNumber() })`,
      'tsconfig.json':
        '{ "compilerOptions": { "strict": true, "skipLibCheck": true, "noEmit": true, "module": "nodenext", "types": [] }, "include": ["*.test-d.ts"] }',
      'a.spec.ts': `
        import { expect, test, vi } from 'vitest'
        import { check, http, scenario } from 'vitest-load'
        import { path } from './path.ts'
        vi.mock('./path.ts', () => ({ path: () => '/mocked' }))
        const own = test.extend({ page: async ({}, use) => { await http.get('/fixture'); await use('page') } })
        own('uses a fixture', ({ page }) => { expect(page).toBe('page') })
        scenario('visit', { load: { vus: 4, iterationsPerVU: 1 } }, async () => {
          check('has its environment', globalThis.fromEnvironment !== undefined)
          expect((await http.get(path()).expect(200)).status).toBeEven()
        })
      `,
    },
    {
      load: `baseUrl: '${server.url}', threads: 2, setupFiles: './setup.ts', config: { test: { environment: './environment.ts', typecheck: { enabled: true } } },`,
      functional: '',
    },
  )
  const run = await project.vitest(['run', '--project', 'load', '--typecheck'])
  expect(Object.fromEntries([...run.tests].map(([name, { status }]) => [name, status]))).toEqual({
    'uses a fixture': 'skipped',
    'visit load': 'passed',
    'types.test-d.ts is a type test': 'passed',
  })
  expect(run.results.get('visit')?.checks).toMatchObject([{ passed: 4, failed: 0 }])
  expect(Object.fromEntries(server.requests)).toEqual({ 'GET /mocked': 4 })
  expect(run.exitCode).toBe(0)
})
