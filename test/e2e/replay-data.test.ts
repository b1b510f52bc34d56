import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const fedSpec = `
import { csv, generated, http, json, scenario, streamed, vu } from 'vitest-load'
import * as z from 'zod'

const Row = z.object({ id: z.string() }).transform(async ({ id }) => ({ id: Number(id) }))
const numbers = async function* () { for (let id = 0; id < 40; id++) yield { id } }
const parts = async function* ({ thread, threads }) { for (let id = thread; id < 40; id += threads) yield { id } }
const data = {
  unique: csv('ids.csv', { schema: Row, pick: 'unique' }),
  shuffled: csv('ids.csv', { schema: Row, pick: 'shuffle' }),
  kept: csv('ids.csv', { schema: Row, pick: 'unique', per: 'vu' }),
  random: json('ids.ndjson', { pick: 'random', schema: z.object({ id: z.number() }) }),
  made: generated(async ({ index, random }) => ({ id: index, made: random() })),
  shared: streamed(numbers, { onEnd: 'stop' }),
  own: streamed(parts, { use: 'all' }),
}
scenario('fed', { load: { vus: 4, iterations: 20 }, setup: () => vu.random(), data }, async ({ data, state }) => {
  const ids = Object.entries(data).map(([name, { id }]) => [name, id])
  const query = { ...Object.fromEntries(ids), made_: data.made.made, state, vu: vu.id, iteration: vu.iteration, dice: vu.random() }
  await http.get(data.unique.id === 13 ? '/broken' : '/', { query }).expect(200)
})
`

it('runs again with the rows that the failed iteration had, whatever feeds them', async () => {
  let seen: string[] = []
  const server = await startServer((request, response) => {
    seen.push(request.url ?? '')
    json(response, {}, request.url?.startsWith('/broken') === true ? 500 : 200)
  })
  const ids = Array.from({ length: 40 }, (_, id) => id)
  const lines = ids.map((id) => JSON.stringify({ id }))
  const files = { 'a.spec.ts': fedSpec, 'ids.csv': ['id', ...ids].join('\n'), 'ids.ndjson': lines.join('\n') }
  const project = await createProject(files, { functional: '', load: `baseUrl: '${server.url}', threads: 2` })
  const load = await project.vitest(['run', '--project', 'load'])
  const row = load.results.get('fed')?.errors[0]
  const { id, exemplar } = row ?? { id: '' }
  expect([seen.length, exemplar?.rows['unique']]).toEqual([20, 13])
  const failed = seen.filter((url) => url.startsWith('/broken'))
  const told = Object.entries(exemplar?.rows ?? {}).map(([name, index]) => [name, String(index)])
  expect(Object.fromEntries(new URL(failed[0] ?? '', server.url).searchParams)).toMatchObject(Object.fromEntries(told))
  seen = []
  // What makes another load is nothing to one iteration.
  const variables = { LOAD_REPLAY: id, LOAD_VUS: '500', LOAD_DURATION: '1s' }
  const again = await project.vitest(['run', '--project', 'load'], variables)
  expect(seen).toEqual(failed)
  expect(again.stdout).toContain(`${id} failed again in the same way`)
})
