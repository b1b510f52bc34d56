import { readdir, readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { startServer, type Answer } from './counting-server.ts'
import { createProject } from './project.ts'

/** What every credential begins with. It stands in no source, since Vitest shows lines of those. */
const mark = 's3cr3t'

/** Every way to send a credential, each with one of its own. */
const features = `
import { http } from 'vitest-load'

const phrase = (way) => process.env.MARK + '-' + way + '/+ "q"'
const token = (way) => process.env.MARK + '-' + way + '/+='
/** Complains of what it gets, as some libraries do. */
const told = (value) => ({ issues: [{ message: 'received ' + JSON.stringify(value), path: ['user'] }] })
const schema = { '~standard': { version: 1, vendor: 'test', validate: told } }

const ways = {
  bearer: { bearer: token('bearer') },
  basic: { basic: { username: 'ann', password: phrase('basic') } },
  authorization: { headers: { authorization: 'Custom ' + token('authorization') } },
  cookie: { headers: { cookie: 'theme=' + token('cookie') } },
  jar: {},
  apikey: { headers: { 'X-Api-Key': phrase('apikey') } },
  header: { headers: { 'X-Auth-Token': phrase('header') } },
  query: { query: { access_token: phrase('query') } },
  params: { url: '/:token', params: { token: phrase('params') } },
  url: { url: '?a=1&password=' + encodeURIComponent(phrase('url')) },
  json: { json: { user: { name: 'ann', password: phrase('json') } } },
  form: { form: { client_secret: phrase('form'), grant: 'x' } },
  body: { body: JSON.stringify({ refresh_token: phrase('body') }) },
  multipart: { multipart: { user: 'ann', password: phrase('multipart') } },
}
export const names = Object.keys(ways)
export const answers = [
  'fine', 'plain', 'encoded', 'html', 'binary', 'json', 'redirect', 'elsewhere', 'malformed', 'reason', 'events', 'told',
]

/** The credential as a body that complains may name it. */
export const known = (way) => (/bearer|authorization|cookie|jar/.test(way) ? token(way) : phrase(way))
export const unsent = phrase

export async function prepare(way) {
  if (way === 'jar') await http.get('/cookie', { query: { value: token('jar') }, name: 'cookie' })
}

export async function send(way, answer) {
  const { url = '', ...options } = ways[way]
  const sent = http.post('/' + answer + url, options).expect(200)
  if (answer !== 'events' && answer !== 'told') return sent.json(schema)
  for await (const event of sent.events(schema)) throw new Error('not refused: ' + event.id)
}
`

const load = `
import { expect } from 'vitest'
import { run, scenario, step, vu } from 'vitest-load'
import { answers, known, names, prepare, send } from './features.ts'

const load = { vus: 1, iterations: 1 }
const quietly = (name, body) => step(name, body).catch(() => {})

scenario('refused', { load }, async () => {
  for (const way of names) {
    await prepare(way)
    for (const answer of answers) await quietly(way + ' ' + answer, () => send(way, answer))
  }
})

scenario('complaints', { load }, async () => {
  for (const way of names) {
    await prepare(way)
    await quietly(way + ' sent', () => send(way, 'plain'))
    await quietly(way + ' thrown', () => { throw new Error('refused ' + known(way) + ' here') })
    await quietly(way + ' asserted', () => { expect('you are ' + known(way)).toBe('welcome') })
  }
  vu.fail('cannot work with ' + known('bearer'))
})

scenario('no session', { load, setup: async () => {
  await send('bearer', 'fine').catch(() => {})
  throw new Error('no session for ' + known('bearer'))
} }, async () => {})

scenario('not prepared', { load, before: async () => {
  await send('bearer', 'fine').catch(() => {})
  throw new Error('nothing there for ' + known('bearer'))
} }, async () => {})

scenario('not awaited', { load }, async () => {
  await send('bearer', 'fine').catch(() => {})
  void Promise.reject(new Error('nobody waits for ' + known('bearer')))
  await new Promise((resolve) => setTimeout(resolve, 20))
})

scenario('stopped', { load }, async () => {
  await send('bearer', 'fine').catch(() => {})
  run.abort('seen enough of ' + known('bearer'))
})

`

const functional = `
import { test } from 'vitest'
import { http } from 'vitest-load'
import { answers, names, prepare, send, unsent } from './features.ts'

for (const way of names)
  for (const answer of answers) test(way + ' ' + answer, async () => {
    await prepare(way)
    await send(way, answer)
  })
test('credentials in a URL', async () => { await http.get('http://ann:' + encodeURIComponent(unsent('userinfo')) + '@127.0.0.1/') })
test('credentials without a scheme', async () => { await http.get('ann:' + unsent('scheme') + '@127.0.0.1/x?token=' + unsent('scheme')) })
test('credentials in what is no URL', async () => { await http.get('http://ann:' + unsent('malformed-url') + '@127.0.0.1/') })
test('a header that cannot be sent', async () => { await http.get('/fine', { headers: { authorization: 'Bearer \\n' + unsent('header') } }) })
`

/** Sent with every request. */
const ofProject = "headers: { 'x-auth-token': process.env.MARK + '-project/+=' }"

/** Answers with what it was sent, in the form that the path asks for. */
const echo: Answer = (request, response, body) => {
  const url = new URL(request.url ?? '', 'http://127.0.0.1')
  const told = valuesOf(request, url, body)
  const plain = `refused: ${told.join(' ')}`
  const line = plain.replaceAll(/[\r\n]+/g, ' ')
  response.setHeader('x-echo', encodeURIComponent(plain))
  const answers: Record<string, () => void> = {
    '/cookie': () => response.setHeader('set-cookie', `theme=${url.searchParams.get('value')}; Path=/`).end('{}'),
    '/plain': () => response.writeHead(401, { 'content-type': 'text/plain' }).end(plain),
    '/encoded': () => response.writeHead(403, { 'content-type': 'text/plain' }).end(told.map(encoded).join(' ')),
    '/html': () => response.writeHead(200, { 'content-type': 'text/html' }).end(`<p>${plain}</p>`),
    '/binary': () =>
      response
        .writeHead(400, { 'content-type': `image/png; name=${encodeURIComponent(told.join())}` })
        .end(Buffer.from([0, 1, 2])),
    '/redirect': () => response.writeHead(307, { location: `/plain?note=${encodeURIComponent(plain)}` }).end(),
    '/elsewhere': () =>
      response.writeHead(302, { location: `http://x:${encodeURIComponent(plain)}@127.0.0.1:1/` }).end(plain),
    '/reason': () => response.writeHead(401, line).end(),
    '/events': () => response.writeHead(200, events).end(`data: ${line}\n\n`),
    '/told': () => response.writeHead(200, events).end(`data: ${JSON.stringify(told)}\n\n`),
    '/malformed': () => request.socket.end(`HTTP/1.1 2x0 ${encodeURIComponent(plain)}\r\n\r\n`),
  }
  const answer = answers[url.pathname.replace(/(?<=.)\/.*/, '')]
  if (answer === undefined) response.end(JSON.stringify({ told: plain, values: told }))
  else answer()
}

const events = { 'content-type': 'text/event-stream' }

/** The credentials themselves, and what they were sent in. */
function valuesOf({ headers }: IncomingMessage, url: URL, body: string): string[] {
  const sent = [headers.authorization, headers.cookie, headers['x-api-key'], headers['x-auth-token']]
    .filter((value) => value !== undefined)
    .map(String)
  const inside = sent.map((value) => /[ =](.*)$/.exec(value)?.[1] ?? value)
  const basic = /^Basic (.*)$/.exec(headers.authorization ?? '')?.[1]
  const pair = basic === undefined ? [] : [Buffer.from(basic, 'base64').toString().replace(/^ann:/, '')]
  const fields = [...url.searchParams.values(), ...new URLSearchParams(/^(?:\{|--)/.test(body) ? '' : body).values()]
  const parts = [...body.matchAll(partValue)].map(([, value = '']) => value)
  const members = body.startsWith('{') ? [...JSON.stringify(JSON.parse(body)).matchAll(memberValue)] : []
  const places = url.pathname.split('/').slice(2).map(decodeURIComponent)
  return [
    ...inside,
    ...places,
    ...pair,
    ...fields,
    ...parts,
    ...members.map(([, value]) => JSON.parse(`"${value}"`) as string),
    ...sent,
    body,
  ]
}
const memberValue = /:"((?:[^"\\]|\\.)*)"/g
/** What stands between the headers of a part and the boundary after it. */
const partValue = /^content-disposition: form-data;[^]*?\r\n\r\n([^]*?)\r\n--/gim

function encoded(text: string): string {
  const bytes = Buffer.from(text)
  return [encodeURIComponent(text), bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')].join(
    ' ',
  )
}

it('shows no credential in any output', async () => {
  const server = await startServer(echo)
  const project = await createProject(
    { 'features.ts': features, 'load.spec.ts': load, 'functional.spec.ts': functional },
    {
      load: `baseUrl: '${server.url}', include: ['load.spec.ts'], ${ofProject}`,
      functional: `baseUrl: '${server.url}', include: ['functional.spec.ts'], ${ofProject}`,
    },
  )
  const outputs = ['junit', 'blob', 'html'].flatMap((name) => [
    `--reporter=${name}`,
    `--outputFile.${name}=out/report.${name}`,
  ])
  const { stdout, stderr, results } = await project.vitest(
    [
      'run',
      '--project',
      'load',
      '--project',
      'functional',
      '--reporter=github-actions',
      '--reporter=verbose',
      ...outputs,
    ],
    { MARK: mark, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(project.folder, 'summary.md') },
  )
  // All that is to be looked through is there: 14 ways with 12 answers each, and 4 requests that cannot be sent, by two reporters.
  expect(stderr.match(/ FAIL {2}\|functional\| /g)).toHaveLength(2 * (14 * 12 + 4))
  expect(results.size).toBe(5)

  const written = await readOutputs(project.folder)
  const names = written.map(([name]) => name)
  expect(names).toEqual(
    expect.arrayContaining([
      'report.json',
      'out/report.junit',
      'out/report.blob',
      'summary.md',
      '.vitest/ui/html.meta.json.gz',
    ]),
  )
  const leaks = [...written, ['stdout', stdout] as const, ['stderr', stderr] as const].flatMap(([place, text]) =>
    findLeaks(text).map((leak) => `${place}: ${leak}`),
  )
  expect([...new Set(leaks)].toSorted()).toEqual([])

  // The same requests once more, with everything shown.
  const id = results.get('refused')?.errors[0]?.id ?? ''
  const replay = await project.vitest(['run', '--project', 'load'], { MARK: mark, LOAD_REPLAY: id })
  expect(replay.stdout.match(/^> \d+ {2}POST /gm)?.length).toBeGreaterThan(11 * 9)
  // What becomes a cookie later on is an ordinary value as yet.
  const shown = replay.stdout.replaceAll(/^> \d+ {2}GET \S+\/cookie\?value=.*$/gm, '')
  expect([...new Set([...findLeaks(shown), ...findLeaks(replay.stderr)])].toSorted()).toEqual([])
})

/** Pieces of text that a credential is in, as it is or encoded. */
function findLeaks(text: string): string[] {
  const forms = [mark, Buffer.from(mark).toString('hex')]
  // Base64 of three bytes depends on where they stand.
  for (const before of ['', 'x', 'xx'])
    forms.push(
      Buffer.from(`${before}${mark}-`)
        .toString('base64')
        .slice(before.length === 0 ? 0 : before.length + 1, 8),
    )
  return forms.flatMap((form) =>
    [...text.matchAll(new RegExp(`.{0,40}${form}.{0,24}`, 'g'))].map(([context]) => context),
  )
}

/** All that was written in a folder: reports, packed or not, and results. */
async function readOutputs(folder: string): Promise<(readonly [string, string])[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile() && !/features\.ts$|\.spec\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(
    files.map(async (path) => {
      const bytes = await readFile(path)
      const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
      return [path.slice(folder.length + 1), text.toString('utf8')] as const
    }),
  )
}
