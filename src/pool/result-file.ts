import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { RunResult } from '../results/run-result.ts'

/** Where full results are kept, below the project's root. */
export const resultsFolder = '.vitest-load/results'

const maxNameLength = 40
const maxAttempts = 100

/**
 * Writes the full result as JSON and returns its path relative to the root. A folder that cannot be written loses the
 * file, never the run. No two results share a path, and no file is ever overwritten.
 */
export async function writeResult(root: string, result: RunResult): Promise<string | undefined> {
  const folder = join(root, resultsFolder)
  const stamp = result.startedAt.replaceAll(/[-:.]/g, '')
  const name = `${stamp}-${slug(result.scenario)}-${slug(result.runId)}`
  const text = `${JSON.stringify(result, undefined, 1)}\n`
  try {
    await mkdir(folder, { recursive: true })
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const path = join(folder, `${name}-${suffixOf(result, attempt)}.json`)
      if (await writeNew(path, text)) return relative(root, path)
    }
    return undefined
  } catch {
    return undefined
  }
}

/** Whether the file could be made; `false` when the path is taken. */
async function writeNew(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
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
  return [...plain.replaceAll(/^-|-$/g, '')].slice(0, maxNameLength).join('') || 'scenario'
}
