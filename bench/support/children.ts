import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { watchMemory } from './processes.ts'

const execute = promisify(execFile)
const outputLimit = 64 * 1024 * 1024

/** Path of a program, or `undefined` when it is not on the PATH. */
export function findProgram(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => isExecutable(path))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const taskset = findProgram('taskset')
const serverCore = 0
/** Where what is measured runs. */
export const generatorCore = 1

/** Puts a command on one core, where the machine can. */
function pin(core: number | undefined, command: readonly string[]): readonly string[] {
  return taskset === undefined || core === undefined ? command : [taskset, '-c', String(core), ...command]
}

/** Whether server and generator have a core each. */
export const isPinned: boolean = taskset !== undefined

/** A server that runs in a process of its own. */
export interface RunningServer {
  readonly url: string
  /** Sends a word to the server's stdin and gives the line that it answers. */
  ask(word: string): Promise<string>
  stop(): Promise<void>
}

/** Starts a script on the server's core. It prints its URL first, and ends when its stdin does. */
export async function startServer(script: URL, args: readonly string[] = []): Promise<RunningServer> {
  const [command = '', ...rest] = pin(serverCore, [process.execPath, fileURLToPath(script), ...args])
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)
  const line = async (): Promise<string> => ((await once(lines, 'line')) as [string])[0]
  const url = await Promise.race([line(), failOnExit(child)])
  return {
    url,
    ask: async (word) => {
      const answer = line()
      child.stdin.write(`${word}\n`)
      return answer
    },
    stop: async () => {
      const exited = once(child, 'exit')
      child.stdin.end()
      await exited
    },
  }
}

async function failOnExit(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null]
  throw new Error(`The server ended before it listened, with exit code ${String(code)}.`)
}

/** Runs a script on the generator's core and parses what it prints: one line of JSON. `flags` are Node's. */
export async function runGenerator(
  script: URL,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<unknown> {
  const [command = '', ...rest] = pin(generatorCore, [process.execPath, ...flags, fileURLToPath(script), ...args])
  const { stdout } = await execute(command, rest, { maxBuffer: outputLimit })
  return JSON.parse(stdout)
}

/** What a command used. */
export interface Usage {
  /** User and system, in milliseconds. */
  readonly cpuMs: number
  /** The most memory that it and what it started had at once, in bytes; NaN where the system does not tell. */
  readonly peakBytes: number
}

/** Runs a command, on one core if that is given, and gives what it used. */
export async function usageOf(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  core?: number,
): Promise<Usage> {
  // The shell's `times` prints its own CPU time, then that of its children.
  const script = '"$@" >&2; code=$?; times; exit $code'
  const options = { maxBuffer: outputLimit, env: { ...process.env, ...env } }
  const running = execute('sh', ['-c', script, 'sh', ...pin(core, command)], options)
  const peak = watchMemory(running.child.pid)
  try {
    const { stdout } = await running
    const [user = '', system = ''] = stdout.trim().split('\n')[1]?.split(' ') ?? []
    return { cpuMs: milliseconds(user) + milliseconds(system), peakBytes: peak() }
  } finally {
    peak()
  }
}

/** Reads `1m2.340s`. */
function milliseconds(text: string): number {
  const [, minutes = '0', seconds = ''] = /^(\d+)m([\d.]+)s$/.exec(text) ?? []
  if (seconds === '') throw new Error(`The shell printed no CPU time: '${text}'.`)
  return Number(minutes) * 60_000 + Number(seconds) * 1000
}
