import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { version } from 'vitest/node'
import { json, startServer, type CountingServer } from './counting-server.ts'
import { createProject, type Project } from './project.ts'
import { VitestProcess } from './vitest-process.ts'

const spec = `
  import { http, scenario } from 'vitest-load'
  scenario('visit', { load: { vus: 2, iterations: 4 } }, async () => { await http.get('/').expect(200) })
`
const hint = "Saving a file does not start the load of 'load': press Enter to run it."
const enter = '\r'

async function setUp(): Promise<{ server: CountingServer; project: Project }> {
  const server = await startServer((_request, response) => json(response, {}))
  const project = await createProject(
    { 'a.spec.ts': spec },
    { load: `baseUrl: '${server.url}', threads: 2,`, functional: `baseUrl: '${server.url}',` },
  )
  return { server, project }
}

/** Saves the spec, and waits for the sentence on it. Returns how much is printed by then. */
async function save(vitest: VitestProcess, project: Project, from: number): Promise<number> {
  const write = async (): Promise<void> => appendFile(join(project.folder, 'a.spec.ts'), '// saved\n')
  await write()
  // Vitest does not tell when it has begun to watch: what it misses is saved again.
  const again = setInterval(() => void write(), 5000)
  await vitest.printed('RERUN', from).finally(() => clearInterval(again))
  return vitest.printed(hint, from)
}

it('runs a load at the start of watch mode, at a key and at a restart, not when a spec is saved', async () => {
  const { server, project } = await setUp()
  const vitest = new VitestProcess(project, ['--watch', '--project', 'load'])
  const started = await vitest.printed('Waiting for file changes')
  expect(server.total).toBe(4)

  const saved = await save(vitest, project, started)
  expect(server.total).toBe(4)

  vitest.type(enter)
  const again = await vitest.printed('Waiting for file changes', saved)
  expect(vitest.output(saved)).toContain('PASS  visit')
  expect(server.total).toBe(8)

  vitest.type('r')
  const third = await vitest.printed('Waiting for file changes', again)
  expect(server.total).toBe(12)

  await appendFile(join(project.folder, 'vitest.config.ts'), '// saved')
  const restarted = await vitest.printed('Waiting for file changes', third)
  expect(server.total).toBe(16)
  // Vitest 5.0 sees no saved file after a restart, so there is nothing to hold back.
  if (!version.startsWith('5.0.')) await save(vitest, project, restarted)
  expect(server.total).toBe(16)
  vitest.type('q')
  expect(await vitest.exit()).toBe(0)
})

it('runs the ordinary test of a saved file beside a load that waits, and nothing at all in standalone', async () => {
  const { server, project } = await setUp()
  const vitest = new VitestProcess(project, ['--watch', '--standalone', '--project', 'load', '--project', 'functional'])
  const started = await vitest.printed('Waiting for file changes')
  expect(server.total).toBe(0)
  await save(vitest, project, started)
  expect(server.total).toBe(1)
  expect(vitest.output(started)).toContain('|functional| a.spec.ts')
  vitest.type('q')
  expect(await vitest.exit()).toBe(0)
})

it('runs ordinary tests with the new handlers when a module of offline handlers is saved, and no load', async () => {
  const handlers = (answer: string): string => `
    import { http, HttpResponse } from 'msw'
    export const handlers = [http.get('*/', () => HttpResponse.text('${answer}'))]
  `
  const project = await createProject(
    {
      'a.spec.ts': `
        import { http, scenario } from 'vitest-load'
        scenario('visit', {}, async () => console.log('answered', await http.get('/').expect(200).text()))
      `,
      'mocks/handlers.ts': handlers('first'),
    },
    { load: `offline: './mocks/handlers.ts',` },
  )
  const vitest = new VitestProcess(project, ['--watch', '--project', 'load', '--project', 'functional'])
  const started = await vitest.printed('Waiting for file changes')
  expect(vitest.output().match(/answered first/g)).toHaveLength(2)
  const write = (): Promise<void> => writeFile(join(project.folder, 'mocks/handlers.ts'), handlers('second'))
  await write()
  const again = setInterval(() => void write(), 5000)
  await vitest.printed('answered second', started).finally(() => clearInterval(again))
  await vitest.printed(hint, started)
  expect(vitest.output(started)).not.toContain('PASS  visit')
  vitest.type('q')
  expect(await vitest.exit()).toBe(0)
})

it('runs a load by a click in --ui when it was asked for on the command line', async () => {
  const { server, project } = await setUp()
  const flags = ['--watch', '--standalone', '--ui', '--open=false', '--project', 'load']
  const vitest = new VitestProcess(project, flags)
  const started = await vitest.printed('Waiting for file changes')
  const address = /http:\/\/(\S+?)\/__vitest__\/\S*?(\?token=\S+)?$/m.exec(vitest.stdout)
  const saved = await save(vitest, project, started)
  expect(server.total).toBe(0)

  const socket = new WebSocket(`ws://${address?.[1] ?? ''}/__vitest_api__${address?.[2] ?? ''}`)
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  // What the page sends: a call of `rerun([file])` in flatted's notation.
  const file = join(project.folder, 'a.spec.ts')
  socket.send(JSON.stringify([{ t: '1', i: '2', m: '3', a: '4' }, 'q', 'id', 'rerun', ['5'], ['6'], file]))
  await vitest.printed('PASS  visit', saved)
  expect(server.total).toBe(4)
  socket.close()
  vitest.type('q')
  expect(await vitest.exit()).toBe(0)
})
