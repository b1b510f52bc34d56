import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TestModule, Vitest } from 'vitest/node'
import { publishLive } from '../src/results/live.ts'
import { FakeTerminal } from './fixtures/fake-terminal.ts'
import { runningLoad } from './fixtures/live-progress.ts'
import { passing } from './fixtures/run-results.ts'
import { LoadReporter } from './load-reporter.ts'

interface FakeVitest {
  readonly vitest: Vitest
  readonly stdout: FakeTerminal
  readonly stderr: FakeTerminal
  readonly exit: () => void
}

function fakeVitest({ isTTY = true, columns = 100 }: { isTTY?: boolean; columns?: number } = {}): FakeVitest {
  const stdout = new FakeTerminal(columns)
  const stderr = new FakeTerminal(100)
  const outputStream = Object.assign(stdout.stream(), { isTTY })
  const errorStream = Object.assign(stderr.stream(), { isTTY: false })
  const cleanups: (() => void)[] = []
  const logger = {
    outputStream,
    errorStream,
    log: (text: string) => outputStream.write(`${text}\n`),
    error: (text: string) => errorStream.write(`${text}\n`),
    onTerminalCleanup: (cleanup: () => void) => cleanups.push(cleanup),
  }
  const vitest = { logger, onClose: () => {} } as unknown as Vitest
  const exit = (): void => {
    for (const cleanup of cleanups) cleanup()
  }
  return { vitest, stdout, stderr, exit }
}

const loadModule = (moduleId: string): TestModule => ({ moduleId, project: { name: 'load' } }) as unknown as TestModule
const result = { type: 'result', result: passing, resultFile: '.vitest-load/result.json' } as const
const text = (terminal: FakeTerminal): string => stripVTControlCharacters(terminal.screen)

beforeEach(() => {
  vi.stubEnv('CI', undefined)
  vi.stubEnv('TERM', 'xterm')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

describe('LoadReporter', () => {
  it('replaces the live line by the report', async () => {
    const { vitest, stdout } = fakeVitest()
    const reporter = new LoadReporter()
    reporter.onInit(vitest)
    publishLive(vitest, { type: 'progress', progress: runningLoad })
    expect(text(stdout)).toContain('▰▰▰▰▰▱▱▱▱▱')
    publishLive(vitest, result)
    expect(text(stdout)).toBe('')
    await reporter.onTestRunEnd([])
    expect(text(stdout).match(/ PASS /g)).toHaveLength(1)
  })

  it.for([
    [{ CI: 'true' }, false],
    [{ TERM: 'dumb' }, false],
    [{ CI: 'false' }, true],
    [{ CI: '' }, true],
    [{ NO_COLOR: '1' }, true],
  ] as const)('redraws a line in a terminal with %j: %s', async ([variables, redraws]) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
    const { vitest, stdout } = fakeVitest()
    const reporter = new LoadReporter()
    reporter.onInit(vitest)
    publishLive(vitest, { type: 'progress', progress: runningLoad })
    publishLive(vitest, result)
    await reporter.onTestRunEnd([])
    // oxlint-disable-next-line no-control-regex -- cursor controls are what is being looked for
    expect(/\u001b\[[\d;?]*[A-HJKSThl]|\r/.test(stdout.written)).toBe(redraws)
    expect(text(stdout)).toContain(' PASS ')
  })

  it.for([80, 0])(
    'leaves what was printed before alone in a terminal that says to have %i columns',
    async (columns) => {
      const { vitest, stdout } = fakeVitest()
      const screen = new FakeTerminal(80)
      const stream = screen.stream()
      Object.defineProperty(stream, 'columns', { value: columns })
      Object.assign(vitest.logger, { outputStream: stream, log: (lines: string) => stream.write(`${lines}\n`) })
      const reporter = new LoadReporter()
      reporter.onInit(vitest)
      stream.write('before\n')
      for (let second = 0; second < 3; second++) publishLive(vitest, { type: 'progress', progress: runningLoad })
      expect(text(screen)).toMatch(/^before\n {2}shopping flow .*errors +0\.20 %$/)
      publishLive(vitest, result)
      await reporter.onTestRunEnd([])
      const lines = text(screen).split('\n')
      expect(lines[0]).toBe('before')
      expect(stdout.written).toBe('')
      const limit = columns === 0 ? 100 : 80
      expect(
        stripVTControlCharacters(screen.written)
          .split(/[\r\n]/)
          .filter((line) => line.length > limit),
      ).toEqual([])
    },
  )

  it('draws the first of the loads that start together, where it changes, and tells of those that wait', () => {
    const { vitest, stdout } = fakeVitest({ columns: 80 })
    new LoadReporter().onInit(vitest)
    const start = (scenario: string, levels: readonly number[], waits: boolean = false): void => {
      const profile = { unit: 'VUs', levels, durationMs: 8000 } as const
      publishLive(vitest, {
        type: 'started',
        runId: 'r',
        project: 'load',
        scenario,
        load: waits ? '1 to 8 VUs over 8s, 5m after the start' : '1 to 8 VUs over 8s',
        profile,
        waits,
      })
    }
    start('rising', [1, 2, 3, 4, 5, 6, 7, 8])
    start('beside', [8, 7, 6, 5, 4, 3, 2, 1])
    start('later', [1, 2, 3, 4, 5, 6, 7, 8], true)
    expect(text(stdout)).toMatchInlineSnapshot(`
      "
       rising  1 to 8 VUs over 8s

         8 VUs        ▄█
                    ▄███
                  ▄█████
                ▄███████
                0s    8s

       later  1 to 8 VUs over 8s, 5m after the start"
    `)
  })

  it('tells that a result was not written', async () => {
    const { vitest, stdout } = fakeVitest({ columns: 80 })
    const reporter = new LoadReporter()
    reporter.onInit(vitest)
    publishLive(vitest, { ...result, resultFile: undefined, writeFailure: 'not written: no space left on device' })
    await reporter.onTestRunEnd([])
    expect(text(stdout)).toContain('     Result  not written: no space left on device\n')
    expect(text(stdout)).toContain(' PASS ')
  })

  it('prints a line every ten seconds where lines cannot be redrawn', () => {
    const { vitest, stdout } = fakeVitest({ isTTY: false })
    new LoadReporter().onInit(vitest)
    for (let second = 1; second <= 25; second++)
      publishLive(vitest, { type: 'progress', progress: { ...runningLoad, elapsedMs: second * 1000 } })
    expect(text(stdout).match(/^ +shopping flow +[12]0\.0 s/gm)).toHaveLength(2)
  })

  it('forgets a run once it is printed', async () => {
    const { vitest, stdout } = fakeVitest()
    const reporter = new LoadReporter()
    reporter.onInit(vitest)
    publishLive(vitest, result)
    await reporter.onTestRunEnd([])
    reporter.onTestRunStart()
    await reporter.onTestRunEnd([])
    expect(text(stdout).match(/ PASS /g)).toHaveLength(1)
  })

  it('prints after the reporters that come later', async () => {
    const { vitest, stdout } = fakeVitest()
    const reporter = new LoadReporter()
    reporter.onInit(vitest)
    publishLive(vitest, result)
    const printed = reporter.onTestRunEnd([])
    vitest.logger.log("Vitest's summary")
    await printed
    expect(text(stdout).startsWith("Vitest's summary")).toBe(true)
  })

  it('gives one hint for all loads that were not asked for', async () => {
    const { vitest, stdout } = fakeVitest()
    const reporter = new LoadReporter()
    reporter.onInit(vitest)
    for (let file = 0; file < 2; file++) publishLive(vitest, { type: 'not-asked', project: 'load' })
    reporter.onTestRunStart()
    await reporter.onTestRunEnd([loadModule('/a.spec.ts'), loadModule('/b.spec.ts')])
    expect(text(stdout)).toBe(
      'load not started: 2 load spec files skipped. Run  npx vitest run --project load  (or set LOAD=1).',
    )
  })

  it('leaves standard output alone when told so', async () => {
    const { vitest, stdout, stderr } = fakeVitest()
    const reporter = new LoadReporter({ stream: 'stderr' })
    reporter.onInit(vitest)
    publishLive(vitest, { type: 'progress', progress: runningLoad })
    publishLive(vitest, result)
    await reporter.onTestRunEnd([])
    expect(stdout.written).toBe('')
    expect(text(stderr)).toContain(' PASS ')
  })

  it('prints once when it was added twice', async () => {
    const { vitest, stdout } = fakeVitest()
    const reporters = [new LoadReporter(), new LoadReporter()]
    for (const reporter of reporters) reporter.onInit(vitest)
    publishLive(vitest, result)
    for (const reporter of reporters) await reporter.onTestRunEnd([])
    expect(text(stdout).match(/ PASS /g)).toHaveLength(1)
  })

  it('hands over to the reporter of a restarted server', async () => {
    const { vitest, stdout } = fakeVitest()
    const before = new LoadReporter()
    before.onInit(vitest)
    before.onServerRestart()
    const after = new LoadReporter()
    after.onInit(vitest)
    publishLive(vitest, result)
    await before.onTestRunEnd([])
    await after.onTestRunEnd([])
    expect(text(stdout).match(/ PASS /g)).toHaveLength(1)
  })

  it('takes the live line away when the process ends', () => {
    const { vitest, stdout, exit } = fakeVitest()
    new LoadReporter().onInit(vitest)
    publishLive(vitest, { type: 'progress', progress: runningLoad })
    exit()
    expect(text(stdout)).toBe('')
  })

  it('says once that it failed, and lets the run go on', async () => {
    const complaints = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const { vitest } = fakeVitest()
    const reporter = new LoadReporter()
    reporter.onInit(vitest)
    publishLive(vitest, { ...result, result: {} as typeof passing })
    await reporter.onTestRunEnd([])
    publishLive(vitest, { ...result, result: {} as typeof passing })
    await reporter.onTestRunEnd([])
    expect(complaints).toHaveBeenCalledOnce()
    complaints.mockRestore()
  })
})
