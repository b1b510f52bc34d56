import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const spec = `
  import { expectLatency, http, scenario, step, think, vu } from 'vitest-load'
  const short = { vus: 2, duration: '300ms', gracefulStop: 0 }

  scenario('polls on', { load: short }, async () => {
    for (;;) {
      try {
        await http.get('/').expect(201)
        break
      } catch {}
    }
  })

  scenario('thinks on', { load: short }, async () => {
    for (;;) await step('think', () => think('20ms')).catch(() => {})
  })

  const parallel = scenario('thinks beside a request', { load: { iterations: 3 } }, async () => {
    await step('both', () => Promise.all([think('20ms'), think('20ms'), http.get('/slow').expect(200)]))
    await step('after', async () => { await think('50ms') })
  })
  expectLatency(parallel.step('both')).max.toBeAbove('95ms')
  expectLatency(parallel.step('after')).max.toBeBelow('45ms')
  expectLatency(parallel).mean.toBeAbove('95ms')

  const hanging = scenario('hangs in a step', { load: { vus: 4, iterationsPerVU: 4, maxDuration: '1s', gracefulStop: '100ms' } }, async () => {
    await step('wait', () => (vu.iteration === 2 && vu.id % 2 === 0 ? new Promise(() => {}) : http.get('/')))
  })
  expectLatency(hanging.step('wait')).max.toBeBelow('900ms')

  let running = 0
  let most = 0
  scenario('leaves steps behind', { load: { vus: 1, iterations: 5 }, slo: { errorRate: false }, after: () => { if (most > 1) throw new Error(most + ' at once') } }, async () => {
    most = Math.max(most, ++running)
    const late = async () => { await http.get('/slow'); await http.get('/slow'); running -= 1 }
    await Promise.all([step('late', late), step('early', () => { throw new Error('early') })]).catch(() => {})
  })

  const swallowed = scenario('swallows timeouts', { load: { iterations: 20 }, slo: { errorRate: false } }, async () => {
    await step('maybe', () => http.get(vu.iteration % 10 === 0 ? '/never' : '/', { timeout: '500ms' }).catch(() => {}))
  })
  expectLatency(swallowed.step('maybe')).p(99).toBeBelow('490ms')

  const ids = []
  const collect = () => { ids.push(vu.uniqueId()) }
  scenario('first ids', { load: { iterations: 2 } }, collect)
  scenario('second ids', { load: { iterations: 2 }, after: () => { if (new Set(ids).size !== 4) throw new Error('repeated ' + ids) } }, collect)
`

it('measures bodies that poll, hang, leave work behind or swallow what goes wrong, and ends in time', async () => {
  const server = await startServer((request, response) => {
    if (request.url === '/never') return
    if (request.url === '/slow') setTimeout(() => json(response, {}), 100)
    else json(response, {})
  })
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}', threads: 1,`, functional: '' },
  )
  const { results, tests } = await project.vitest(['run', '--project', 'load'])
  const failed = [...tests].filter(([, { status }]) => status === 'failed').map(([name]) => name)
  expect(failed.toSorted((left, right) => left.localeCompare(right))).toEqual([
    'hangs in a step wait max',
    'polls on load',
    'swallows timeouts maybe p(99)',
    'thinks on load',
  ])
  const counts = (scenario: string, step: string): unknown => {
    const found = results.get(scenario)?.series.find((series) => series.kind === 'step' && series.name === step)
    return [found?.ok, found?.failed, found?.aborted]
  }
  expect(counts('hangs in a step', 'wait')).toEqual([8 + 4, 0, 2])
  expect(counts('leaves steps behind', 'late')).toEqual([5, 0, 0])
  expect(counts('leaves steps behind', 'early')).toEqual([0, 5, 0])
  expect(counts('swallows timeouts', 'maybe')).toEqual([18, 2, 0])
})
