import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

it('selects a scenario as a whole, in order, whatever Vitest is told', async () => {
  const server = await startServer((_request, response) => json(response, {}))
  const project = await createProject(
    {
      'a.spec.ts': `
        import { describe } from 'vitest'
        import { expectLatency, http, loadTest, scenario, step } from 'vitest-load'
        const body = async () => { await step('visit', () => http.get('/')) }
        const load = { iterations: 2 }
        const first = loadTest('first', { load }, body)
        expectLatency(first.step('visit')).p(95).toBeBelow('10s')
        expectLatency(first.step('visit')).max.toBeBelow('10s')
        describe('group', () => {
          const second = scenario('second', { load }, body)
          expectLatency(second).mean.toBeBelow('10s')
          scenario.skip('left out', { load }, body)
          scenario.todo('later')
          scenario.skipIf(true)('left out too', { load }, body)
        })
        const cases = scenario.for([{ size: 1 }, { size: 2 }])('case $size', (item) => ({ load: { iterations: item.size } }), async (item) => {
          await http.get('/size/' + (item.size === 1 ? 'one' : 'two'))
        })
        for (const handle of cases) expectLatency(handle).p(50).toBeBelow('10s')
      `,
    },
    { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' },
  )
  const run = async (...flags: string[]): Promise<Record<string, string>> => {
    const { tests } = await project.vitest(['run', '--project', 'load', ...flags])
    return Object.fromEntries([...tests].map(([name, { status }]) => [name, status]))
  }
  const all = {
    'first load': 'passed',
    'first visit p(95)': 'passed',
    'first visit max': 'passed',
    'group second load': 'passed',
    'group second mean': 'passed',
    'group left out load': 'skipped',
    'group left out too load': 'skipped',
    'case 1 load': 'passed',
    'case 1 median': 'passed',
    'case 2 load': 'passed',
    'case 2 median': 'passed',
  }
  expect(await run('--sequence.shuffle', '--retry=2', '--maxConcurrency=1', '--testTimeout=1')).toEqual(all)
  expect(Object.fromEntries(server.requests)).toEqual({ 'GET /': 4, 'GET /size/one': 1, 'GET /size/two': 2 })

  server.requests.clear()
  const selected = await run('-t', 'visit max')
  expect(
    Object.entries(selected)
      .filter(([, status]) => status === 'passed')
      .map(([name]) => name),
  ).toEqual(['first load', 'first visit p(95)', 'first visit max'])
  expect(server.total).toBe(2)
})
