import { describe, expectTypeOf, it } from 'vitest'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import type { Reporter } from 'vitest/node'
import {
  functionalProject,
  type FunctionalProjectOptions,
  loadPool,
  loadProject,
  type LoadProjectOptions,
} from 'vitest-load/config'
import { LoadReporter } from 'vitest-load/reporters'

declare const alias: Record<string, string>

describe('loadProject and functionalProject', () => {
  it('make projects of Vitest', () => {
    expectTypeOf(loadProject()).toExtend<TestProjectInlineConfiguration>()
    defineConfig({ test: { projects: [functionalProject(), loadProject()] } })
  })

  it('share what says where the requests go', () => {
    const shared = {
      include: ['specs/*.spec.ts'],
      exclude: ['specs/slow/**'],
      globalSetup: './server.ts',
      setupFiles: ['./setup.ts'],
      baseUrl: { inject: 'serverUrl' },
      targets: ['https://staging.example.com'],
      timeout: '30s',
      connectTimeout: 5000,
      connections: 'none',
      offline: './mocks/handlers.ts',
      config: { resolve: { alias }, test: { environment: 'node' } },
    } as const
    const validity = { delivered: '95%', startLag: '20ms', eventLoopDelay: false } as const
    const abort = { errorRate: '50%', brokenFor: '10s', minSamples: 100 }
    loadProject({ ...shared, name: 'stress', threads: 4, seed: 7, validity, abort })
    functionalProject({ ...shared, name: 'smoke' })
    expectTypeOf<typeof shared>().toExtend<LoadProjectOptions>()
    expectTypeOf<typeof shared>().toExtend<FunctionalProjectOptions>()
  })

  it('refuse options that they do not know', () => {
    // @ts-expect-error -- misspelt: it is `threads`
    loadProject({ treads: 2 })
    // @ts-expect-error -- misspelt: it is `baseUrl`
    functionalProject({ baseURL: 'http://127.0.0.1:3000' })
    // @ts-expect-error -- a functional project runs on Vitest's own threads
    functionalProject({ threads: 2 })
    // @ts-expect-error -- from which error rate on
    loadProject({ abort: { brokenFor: '10s' } })
    // @ts-expect-error -- Vitest's options go into `config`
    loadProject({ test: { environment: 'node' } })
  })

  it('refuse values of another type', () => {
    // @ts-expect-error -- a number or 'auto'
    loadProject({ threads: 'many' })
    // @ts-expect-error -- 'per-vu' or 'none'
    loadProject({ connections: 'per-user' })
    // @ts-expect-error -- the key under which a global setup provides it
    loadProject({ baseUrl: { env: 'BASE_URL' } })
    // @ts-expect-error -- globs are a list
    loadProject({ include: 'specs/*.spec.ts' })
    // @ts-expect-error -- the handlers are named by their module
    loadProject({ offline: true })
    // @ts-expect-error -- a strategy of MSW
    loadProject({ offline: { handlers: './mocks/handlers.ts', onUnhandledFrame: 'ignore' } })
    // @ts-expect-error -- a seed is a number
    loadProject({ seed: 'random' })
    // @ts-expect-error -- no number can be read from it
    loadProject({ timeout: { seconds: 30 } })
  })
})

describe('loadPool', () => {
  it('fits a project written by hand', () => {
    defineConfig({ test: { pool: loadPool({ threads: 2, baseUrl: 'http://127.0.0.1:3000' }) } })
    // @ts-expect-error -- the files of a project are not the pool's business
    loadPool({ include: ['specs/*.spec.ts'] })
  })
})

describe('LoadReporter', () => {
  it('is a reporter of Vitest', () => {
    expectTypeOf<LoadReporter>().toExtend<Reporter>()
    defineConfig({ test: { reporters: ['default', new LoadReporter()] } })
    // @ts-expect-error -- 'stdout' or 'stderr'
    void new LoadReporter({ stream: 'stdin' })
  })
})
