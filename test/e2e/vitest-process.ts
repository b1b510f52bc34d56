import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { compileCache, type Project } from './project.ts'

const vitestCli = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
/** A process that takes longer hangs, also on a machine with much else to do. */
const limitMs = 100_000
/** Vitest listens to keys of a terminal only. */
const terminal = 'process.stdin.isTTY = true; process.stdin.setRawMode = () => process.stdin'

/** Vitest with nothing added to its command line, as it runs: it can be typed to, and waited for. */
export class VitestProcess {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #exit: Promise<number | null>
  readonly #waiting: Set<() => void> = new Set()
  stdout: string = ''
  stderr: string = ''

  constructor(project: Project, flags: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    const { PATH = '', HOME = '' } = process.env
    const preload = `data:text/javascript,${encodeURIComponent(terminal)}`
    const child = spawn(process.execPath, ['--import', preload, vitestCli, ...flags], {
      cwd: project.folder,
      env: { PATH, HOME, ...compileCache, NO_COLOR: '1', ...variables },
    })
    this.#child = child
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
    child.stdin.on('error', () => {})
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => this.#hear('stdout', chunk))
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => this.#hear('stderr', chunk))
    this.#exit = new Promise((resolve) =>
      child.on('close', (code) => {
        clearTimeout(timer)
        resolve(code)
        for (const check of this.#waiting) check()
      }),
    )
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await this.#exit
    })
  }

  /** Everything it printed since `from`, a length of it. */
  output(from: number = 0): string {
    return this.stdout.slice(from)
  }

  /** Waits until it has printed a text, after `from` characters. Returns how much it has printed by then. */
  async printed(text: string, from: number = 0): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      const check = (): void => {
        if (this.output(from).includes(text)) resolve()
        else if (this.#child.exitCode === null && this.#child.signalCode === null) return
        else reject(new Error(`Vitest ended without printing '${text}':\n${this.stdout}\n${this.stderr}`))
        this.#waiting.delete(check)
      }
      this.#waiting.add(check)
      check()
    })
    return this.stdout.length
  }

  type(keys: string): void {
    this.#child.stdin.write(keys)
  }

  async exit(): Promise<number | null> {
    return this.#exit
  }

  #hear(stream: 'stdout' | 'stderr', chunk: string): void {
    this[stream] += chunk
    for (const check of this.#waiting) check()
  }
}
