import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import { displayWidth } from '../../reporters/terminal/width.ts'
import { startServer, type CountingServer } from './counting-server.ts'
import { createProject, type ProjectRun } from './project.ts'

/** A body that hands on what the target says, in every way there is. */
const spec = `
import { check, expectLatency, http, scenario, step } from 'vitest-load'
import { z } from 'zod'

const name = 'a returning customer with a full basket who changes the delivery address twice before paying'
const load = { vus: 2, iterations: 4 }
const hostile = scenario(name, { load }, async () => {
  await http.get('/body')
  await http.get('/redirect')
  const text = await http.get('/text').text()
  check('the address in the answer is the address that was sent, in every single line of it', text === '')
  await step('schema', () => http.get('/json').json(z.strictObject({}))).catch(() => {})
  await step('a step with a name that goes on and on and on until the line is full of it', () => {
    throw new Error(text)
  })
})
expectLatency(hostile.step('schema')).p(50).toBeBelow('1us')
scenario('fine', { load }, () => http.get('/').then(() => {}))
`

const escape = String.fromCodePoint(0x1b)
const hostileText = [
  'line',
  '::error::pwned',
  '::set-output name=x::pwned',
  '##[error]pwned',
  `:\u200f:error::pwned ${escape}[2J${escape}[1;1H${escape}]0;pwned${String.fromCodePoint(7)}\r::warning::pwned`,
].join('\n')

function startHostileServer(): Promise<CountingServer> {
  return startServer((request, response) => {
    if (request.url === '/redirect') response.writeHead(302, { location: '/::error::pwned/##[error]pwned' })
    else if (request.url === '/body') response.writeHead(500, { 'content-type': 'text/plain; ::error::pwned' })
    else if (request.url?.includes('pwned') === true) response.writeHead(404)
    if (request.url === '/json') response.end(JSON.stringify({ [hostileText]: 1 }))
    else response.end(hostileText)
  })
}

async function runHostile(
  variables: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<ProjectRun> {
  const server = await startHostileServer()
  const project = await createProject({ 'a.spec.ts': spec }, { load: `baseUrl: '${server.url}',` })
  return project.vitest(['run', '--project', 'load', ...flags], variables)
}

/** Our own lines, from the title of the first report on. */
function reportOf({ stdout }: ProjectRun): string[] {
  const lines = stripVTControlCharacters(stdout).split('\n')
  return lines.slice(lines.findIndex((line) => /^ \S.* ─+ /.test(line)))
}

it('prints plain lines of at most 100 columns where nothing is known of the terminal', async () => {
  const run = await runHostile({ NO_COLOR: '1', CI: 'true', TERM: 'dumb' })
  expect(run.stdout + run.stderr).not.toMatch(/[^\P{Cc}\n]/u)
  const report = reportOf(run)
  expect(report.filter((line) => displayWidth(line) > 100)).toEqual([])
  // A verdict on each scenario, and one on both.
  expect(report.filter((line) => /^ {2}(?:PASS|FAIL) /.test(line))).toHaveLength(3)
  expect(report.join('\n')).toContain('FAIL  2 scenarios: 1 failed, 1 passed')
})

it('gives no command of a target to GitHub Actions, and colours without moving the cursor', async () => {
  const variables = { CI: 'true', GITHUB_ACTIONS: 'true', FORCE_COLOR: '1', NO_COLOR: '' }
  const run = await runHostile(variables, ['--reporter=github-actions'])
  const report = reportOf(run).join('\n')
  expect(report).toContain('pwned')
  expect(report).not.toMatch(/::[a-z]|##\w*\[/i)

  const commands = stripVTControlCharacters(run.stdout + run.stderr)
    .split(/[\r\n]/)
    .filter((line) => /^\s*::|##\w*\[/.test(line))
  expect(commands.length).toBeGreaterThan(0)
  // What is left is the reporter's own, with the line in the spec.
  expect(commands.filter((line) => !/^::error file=[^:]+a\.spec\.ts,title=/.test(line))).toEqual([])

  expect(run.stdout).toContain(`${escape}[41m`)
  // oxlint-disable-next-line no-control-regex -- what is neither a line break nor a colour is being looked for
  expect(run.stdout.replaceAll(/\u001b\[[\d;]*m/g, '')).not.toMatch(/[^\P{Cc}\n]/u)
})
