import { performance } from 'node:perf_hooks'
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { subscribeLive, type LiveEvent, type LiveProgress, type StartedRun } from '../src/results/live.ts'
import { LiveRuns } from './live-runs.ts'
import { ReplayOutput } from './replay-output.ts'
import { claimOutput, releaseOutput } from './sole-reporter.ts'
import { renderLevelLine } from './terminal/capacity.ts'
import { detectGlyphs } from './terminal/glyphs.ts'
import { canRedraw, LiveDisplay, type TerminalStream } from './terminal/live-display.ts'
import { renderLoadName, renderStart } from './terminal/load-picture.ts'
import { renderLiveLines } from './terminal/live-line.ts'
import { createPaint, detectColorLevel, type Page } from './terminal/paint.ts'
import { renderNotAsked, renderReports, type FinishedRun } from './terminal/report.ts'

/** Options of `LoadReporter`. */
export interface LoadReporterOptions {
  /**
   * Where everything is printed: `'stderr'` when another reporter's JSON or XML goes to standard output.
   *
   * @default 'stdout'
   */
  readonly stream?: 'stdout' | 'stderr'
}

const reportWidth = { least: 72, most: 120, whenUnknown: 100 } as const

/**
 * Prints loads in the terminal: a live line while one runs (a line every ten seconds where lines cannot be redrawn), and
 * a report of each scenario after Vitest's own summary. `loadProject` adds one by itself.
 *
 * @example
 * ```ts
 * import { LoadReporter } from 'vitest-load/reporters'
 * export default defineConfig({ test: { reporters: [['default', { summary: false }], new LoadReporter({ stream: 'stderr' })] } })
 * ```
 */
export class LoadReporter implements Reporter {
  readonly #stream: 'stdout' | 'stderr'
  readonly #runs: LiveRuns = new LiveRuns(() => performance.now())
  readonly #notAsked: Set<string> = new Set()
  readonly #replay: ReplayOutput = new ReplayOutput()
  #finished: FinishedRun[] = []
  #vitest: Vitest | undefined
  #display: LiveDisplay | undefined
  #unsubscribe: () => void = () => {}
  #complained: boolean = false

  constructor(options: LoadReporterOptions = {}) {
    this.#stream = options.stream ?? 'stdout'
  }

  onInit(vitest: Vitest): void {
    this.#guard(() => {
      this.#dispose()
      if (!claimOutput(vitest, this)) return
      this.#vitest = vitest
      this.#unsubscribe = subscribeLive(vitest, (event) => {
        this.#guard(() => {
          this.#onEvent(event)
        })
      })
      // On Ctrl-C and exit: the shell's prompt must not end up behind the live line.
      vitest.logger.onTerminalCleanup(() => {
        this.#guard(() => this.#display?.clear())
      })
      vitest.onClose(() => {
        this.onServerRestart()
      })
    })
  }

  onTestRunStart(): void {
    this.#guard(() => {
      this.#forgetRuns()
    })
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    // Reporters are called in a row and most print at once: after a turn, the report comes last, whatever the order.
    await Promise.resolve()
    this.#guard(() => {
      this.#print(modules)
    })
    this.#guard(() => {
      this.#endReplay(modules)
    })
    this.#guard(() => {
      this.#forgetRuns()
    })
    this.#notAsked.clear()
  }

  /** A restart makes new reporters for the same Vitest instance. */
  onServerRestart(): void {
    this.#guard(() => {
      this.#dispose()
    })
  }

  #onEvent(event: LiveEvent): void {
    if (event.type === 'progress') this.#showProgress(event.progress)
    else if (event.type === 'started') this.#showStart(event)
    else if (event.type === 'not-asked') this.#notAsked.add(event.project)
    else if (event.type === 'replay' || event.type === 'replay-asked') this.#showReplay(event)
    else if (event.type === 'level') {
      this.#runs.remove(event.run)
      this.#log(renderLevelLine(event.run.scenario, event.unit, event.level, this.#page()))
      this.#showRuns()
    } else {
      this.#finished.push(event)
      this.#runs.remove(event.result)
      this.#showRuns()
    }
  }

  /**
   * The shape of a load, where it has one. Of several that run at once, the first one's: a page of pictures is none. Of one
   * that waits for its time, at least what it waits for.
   */
  #showStart(run: StartedRun): void {
    const picture = this.#runs.start(run) ? renderStart(run, this.#page()) : []
    if (picture.length > 0) this.#log(picture)
    else if (run.waits) this.#log([renderLoadName(run, this.#page())])
  }

  #showReplay(event: Extract<LiveEvent, { type: 'replay' | 'replay-asked' }>): void {
    const lines = this.#replay.onEvent(event, this.#page().paint)
    if (lines.length > 0) this.#log(lines)
  }

  /** Nothing fails where nothing ran, and that must not look like a success. */
  #endReplay(modules: readonly TestModule[]): void {
    const complaint = this.#replay.end()
    if (complaint === undefined || modules.some((module) => module.state() === 'failed')) return
    this.#log([this.#page().paint.breach(complaint), ''])
    process.exitCode = 1
  }

  #showProgress(progress: LiveProgress): void {
    const isDue = this.#runs.update(progress)
    if (this.#display === undefined && canRedraw(this.#output(), process.env)) this.#display = this.#createDisplay()
    if (this.#display !== undefined) this.#showRuns()
    else if (isDue) this.#log(renderLiveLines([progress], this.#page(), false))
  }

  #showRuns(): void {
    const display = this.#display
    if (display === undefined) return
    display.show(renderLiveLines(this.#runs.active(), { ...this.#page(), width: display.columns }, true))
  }

  #createDisplay(): LiveDisplay {
    const { outputStream, errorStream } = this.#logger()
    return new LiveDisplay(this.#output(), [outputStream, errorStream, process.stdout, process.stderr])
  }

  #print(modules: readonly TestModule[]): void {
    this.#display?.clear()
    if (this.#finished.length > 0) this.#log(renderReports(this.#finished, this.#page()))
    if (this.#notAsked.size > 0)
      this.#log([...renderNotAsked([...this.#notAsked], this.#countSkipped(modules), this.#page()), ''])
  }

  #countSkipped(modules: readonly TestModule[]): number {
    const files = modules.filter((module) => this.#notAsked.has(module.project.name)).map((module) => module.moduleId)
    return new Set(files).size
  }

  #page(): Page {
    const { columns = 0 } = this.#output()
    // A pseudo-terminal to which nobody has told its size has 0 columns.
    const wanted = columns > 0 ? columns : reportWidth.whenUnknown
    const width = Math.min(reportWidth.most, Math.max(reportWidth.least, wanted))
    const paint = createPaint(detectColorLevel(this.#stream, process.env, process.argv))
    return { width, paint, glyphs: detectGlyphs(process.env, process.platform) }
  }

  #log(lines: readonly string[]): void {
    const text = lines.join('\n')
    if (this.#stream === 'stderr') this.#logger().error(text)
    else this.#logger().log(text)
  }

  #output(): TerminalStream {
    const { outputStream, errorStream } = this.#logger()
    return this.#stream === 'stderr' ? errorStream : outputStream
  }

  #logger(): Vitest['logger'] {
    if (this.#vitest === undefined) throw new Error('the reporter was not initialised')
    return this.#vitest.logger
  }

  /** In watch mode, the next run starts anew. */
  #forgetRuns(): void {
    this.#display?.clear()
    this.#display = undefined
    this.#runs.clear()
    this.#finished = []
  }

  #dispose(): void {
    this.#unsubscribe()
    this.#unsubscribe = () => {}
    this.#forgetRuns()
    if (this.#vitest !== undefined) releaseOutput(this.#vitest, this)
    this.#vitest = undefined
  }

  /** A report that cannot be printed must not break the run that it is about. */
  #guard(action: () => void): void {
    try {
      action()
    } catch (error) {
      if (this.#complained) return
      this.#complained = true
      process.stderr.write(`vitest-load: the terminal reporter failed, the run goes on: ${String(error)}\n`)
    }
  }
}
