import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { json as answer, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const rows = 1_000_000
const spec = `
  import { csv, http, scenario } from 'vitest-load'
  import * as z from 'zod'
  const User = z.object({ id: z.coerce.number(), email: z.email(), password: z.string(), name: z.string(), city: z.string(), score: z.coerce.number() })
  const data = { user: csv(process.env.USERS, { schema: User, pick: 'unique' }) }
  scenario('all', { load: { vus: 8, iterations: 400 }, data }, ({ data }) =>
    http.post('/' + data.user.id, { json: { rss: process.memoryUsage.rss() } }).expect(200))
`

async function writeRows(file: string, count: number): Promise<number> {
  const out = createWriteStream(file)
  out.write('id,email,password,name,city,score\r\n')
  for (let row = 0; row < count; row++) {
    const line = `${row},user-${row}@example.com,secret-${row},"User, ${row}",City ${row % 977},${row % 100}\r\n`
    if (!out.write(line)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
  return (await stat(file)).size
}

it('shares a million rows between four threads in less than three times the file’s size', async () => {
  let highestBytes = 0
  const server = await startServer((_request, response, body) => {
    highestBytes = Math.max(highestBytes, (JSON.parse(body) as { rss: number }).rss)
    answer(response, { ok: true })
  })
  const functional = `baseUrl: '${server.url}'`
  const project = await createProject({ 'rows.spec.ts': spec }, { functional, load: `${functional}, threads: 4` })
  const highestWith = async (count: number): Promise<{ highestBytes: number; fileBytes: number }> => {
    const fileBytes = await writeRows(join(project.folder, 'users.csv'), count)
    highestBytes = 0
    server.requests.clear()
    const run = await project.vitest(['--project', 'load'], { USERS: 'users.csv' })
    expect([run.exitCode, server.requests.size]).toEqual([0, 400])
    return { highestBytes, fileBytes }
  }
  const few = await highestWith(400)
  const many = await highestWith(rows)
  expect(many.highestBytes - few.highestBytes).toBeLessThan(3 * many.fileBytes)
})
