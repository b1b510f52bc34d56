import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

it('runs set-up files, aliases, inject and hooks in every thread, and shares what they prepare', async () => {
  const server = await startServer((_request, response, body) => json(response, { echo: body }))
  const project = await createProject(
    {
      'setup.ts': `import { beforeAll } from 'vitest'; globalThis.setUp = 'yes'; beforeAll(() => { globalThis.beforeAllRan = (globalThis.beforeAllRan ?? 0) + 1 })`,
      'global.ts': `export function setup(project) { project.provide('key', 'from global setup') }`,
      'helper.ts': `export enum Color { Red = 'red' }\nexport const colour: Color = Color.Red`,
      'a.spec.ts': `
        import { inject } from 'vitest'
        import { colour } from '@/helper'
        import { check, http, rows, scenario, step, vu } from 'vitest-load'

        const tables = { user: rows([{ name: 'ann' }, { name: 'bob' }, { name: 'cid' }], { pick: 'unique' }) }
        scenario('whole', {
          load: { vus: 3, iterationsPerVU: 1 },
          data: tables,
          before: async () => ({ started: new Date(0), token: 'prepared', ready: await http.get('/before').json() }),
          setup: async ({ prepared }) => (await http.post('/setup', { text: prepared.token }).catch(() => undefined), { own: vu.id }),
          teardown: async ({ state }) => { await http.get('/teardown/' + state.own) },
          after: ({ prepared }) => { if (prepared.token !== 'prepared') throw new Error('lost') },
        }, async ({ data, prepared, state }) => {
          check('set-up file ran', globalThis.setUp === 'yes' && globalThis.beforeAllRan === 1)
          check('inject works', inject('key') === 'from global setup')
          check('alias and enum work', colour === 'red')
          check('prepared is cloned', prepared.started.getTime() === 0)
          check('state is of this user', state.own === vu.id)
          await step('outer', () => step('inner', () => http.get('/' + data.user.name).expect(200)))
        })
      `.replace('{ text: prepared.token }', '{ body: prepared.token }'),
    },
    {
      load: `baseUrl: '${server.url}', threads: 2, setupFiles: './setup.ts', globalSetup: './global.ts', config: { resolve: { alias: { '@': import.meta.dirname } } },`,
      functional: `baseUrl: '${server.url}', setupFiles: './setup.ts', globalSetup: './global.ts', config: { resolve: { alias: { '@': import.meta.dirname } } },`,
    },
  )
  const { exitCode, results, stderr } = await project.vitest(['run', '--project', 'load'])
  // Where a machine is busy, Rolldown tells how long Vite took to read the configuration.
  expect(stderr.replace(/^.*\[PLUGIN_TIMINGS\][^]*?(?:\n\s*\n|$(?![^]))/m, '').trim()).toBe('')
  const result = results.get('whole')
  expect(result?.checks.map(({ name, passed, failed }) => [name, passed, failed])).toEqual([
    ['set-up file ran', 3, 0],
    ['inject works', 3, 0],
    ['alias and enum work', 3, 0],
    ['prepared is cloned', 3, 0],
    ['state is of this user', 3, 0],
  ])
  expect(Object.fromEntries(server.requests)).toEqual({
    'GET /before': 1,
    'POST /setup': 3,
    'GET /ann': 1,
    'GET /bob': 1,
    'GET /cid': 1,
    'GET /teardown/1': 1,
    'GET /teardown/2': 1,
    'GET /teardown/3': 1,
  })
  expect(result?.series.map(({ kind, name, ok }) => [kind, name, ok]).toSorted()).toEqual([
    ['hook', 'GET /before', 1],
    ['hook', 'GET /teardown/:id', 3],
    ['hook', 'POST /setup', 3],
    ['iteration', 'whole', 3],
    ['request', 'GET /ann', 1],
    ['request', 'GET /bob', 1],
    ['request', 'GET /cid', 1],
    ['step', 'outer > inner', 3],
    ['step', 'outer', 3],
  ])
  expect(result?.requests.started).toBe(3)
  expect(exitCode).toBe(0)

  server.requests.clear()
  const functional = await project.vitest(['run', '--project', 'functional'])
  expect(functional.exitCode).toBe(0)
  expect([...functional.tests].map(([name, { status }]) => [name, status])).toEqual([['whole', 'passed']])
  expect(server.total).toBe(4)
})

it('gives every plain test a session of its own', async () => {
  const server = await startServer((request, response) => {
    response.setHeader('set-cookie', `visitor=${request.url?.slice(1) ?? ''}`)
    setTimeout(() => json(response, { cookie: request.headers.cookie ?? '' }), 5)
  })
  const project = await createProject(
    {
      'a.spec.ts': `
        import { describe, expect, test } from 'vitest'
        import { check, http, step, vu } from 'vitest-load'
        describe.concurrent('concurrent', () => {
          for (const name of ['a', 'b', 'c']) test(name, async () => {
            await http.get('/' + name)
            expect(await step('again', () => http.get('/' + name).json())).toEqual({ cookie: 'visitor=' + name })
          })
        })
        test('starts without cookies', async () => {
          expect(await http.get('/x').json()).toEqual({ cookie: '' })
          expect(vu.id).toBe(1)
        })
        test('fails with its checks', () => { check('is true', 1 > 2) })
      `,
      'plain.test.ts': `
        import { expect, test } from 'vitest'
        import { http } from 'vitest-load'
        test('needs no project of ours', async () => {
          expect(await http.get('${server.url}/plain').json()).toEqual({ cookie: '' })
        })
      `,
    },
    {
      load: `baseUrl: '${server.url}',`,
      others: `{ resolve: { alias }, test: { name: 'plain', include: ['*.test.ts'] } },`,
    },
  )
  const { tests } = await project.vitest(['run', '--project', 'functional', '--project', 'plain'])
  expect(Object.fromEntries([...tests].map(([name, { status }]) => [name, status]))).toEqual({
    'concurrent a': 'passed',
    'concurrent b': 'passed',
    'concurrent c': 'passed',
    'starts without cookies': 'passed',
    'fails with its checks': 'failed',
    'needs no project of ours': 'passed',
  })
  expect(tests.get('fails with its checks')?.messages[0]).toContain("check 'is true' failed")
})
