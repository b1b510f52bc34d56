import { createHash } from 'node:crypto'
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { getSystemErrorMessage } from 'node:util'
import type { WrittenResult } from '../results/live.ts'
import type { RunResult } from '../results/run-result.ts'
import { messageOf } from '../shared/errors.ts'
import { printable } from '../shared/text.ts'

/** Where full results are kept, below the project's root. */
export const resultsFolder = '.vitest-load/results'

const maxNameLength = 40
const maxAttempts = 100
/** Not `.json`, so that who looks for results never meets half of one. */
const unfinished = '.tmp'

const inTheWay = 'Move away what is in the way of that folder'
const noRoom = 'Free space on that disk'
const noAccess = 'Let this user write there'
const noHandles = 'Raise the limit of open files (ulimit -n)'
const advice: Readonly<Record<string, string>> = {
  EACCES: noAccess,
  EDQUOT: noRoom,
  EEXIST: inTheWay,
  ELOOP: inTheWay,
  EMFILE: noHandles,
  ENFILE: noHandles,
  ENOENT: inTheWay,
  ENOSPC: noRoom,
  ENOTDIR: inTheWay,
  EPERM: noAccess,
  EROFS: noAccess,
}

/**
 * Writes the full result as JSON. The path is relative to the root. A folder that cannot be written loses the file, never
 * the run. No two results share a path, no file is ever overwritten, and what is there under its name is complete.
 */
export async function writeResult(root: string, result: RunResult): Promise<WrittenResult> {
  const folder = join(root, resultsFolder)
  const stamp = result.startedAt.replaceAll(/[-:.]/g, '')
  const name = `${stamp}-${slug(result.scenario)}-${slug(result.runId)}`
  try {
    const text = `${JSON.stringify(result, undefined, 1)}\n`
    await mkdir(folder, { recursive: true })
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const path = join(folder, `${name}-${suffixOf(result, attempt)}.json`)
      if (await writeNew(path, text)) return { resultFile: relative(root, path) }
    }
    throw new Error(`there are ${maxAttempts} files of its name already`)
  } catch (error) {
    return { resultFile: undefined, writeFailure: describeFailure(error) }
  }
}

/**
 * Whether the file could be made; `false` when the path is taken. Who has made the unfinished file owns the path: a rename
 * frees its name in the same moment in which the path is taken, so that the path cannot be free when the name is.
 */
async function writeNew(path: string, text: string): Promise<boolean> {
  const draft = path + unfinished
  try {
    await writeFile(draft, '', { flag: 'wx' })
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
  try {
    if (await exists(path)) return false
    await writeFile(draft, text)
    await rename(draft, path)
    return true
  } finally {
    await rm(draft, { force: true }).catch(() => {})
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

/** The folder rather than the file: the name of a file that does not exist leads nowhere. */
function describeFailure(error: unknown): string {
  const code = codeOf(error)
  const reason =
    error instanceof Error && 'errno' in error && typeof error.errno === 'number'
      ? `${getSystemErrorMessage(error.errno)} (${code}). ${advice[code] ?? 'See that this folder can be written'}`
      : printable(messageOf(error))
  return `not written to ${resultsFolder}: ${reason}; this report is complete without it.`
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Keeps apart what slugs make equal: scenarios of one name in two files or projects, names that differ in signs. */
function suffixOf({ file, project, scenario, runId, startedAt }: RunResult, attempt: number): string {
  const identity = JSON.stringify([file, project, scenario, runId, startedAt, attempt])
  return createHash('sha256').update(identity).digest('hex').slice(0, 8)
}

/** Letters of any script, with their combining marks. Short, because a file name has 255 bytes and a letter up to four. */
function slug(text: string): string {
  const plain = text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, '-')
  const short = [...plain.replace(/^-/, '')].slice(0, maxNameLength).join('')
  return short.replace(/-$/, '') || 'scenario'
}
