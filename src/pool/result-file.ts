import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { RunResult } from '../results/run-result.ts'

/** Where full results are kept, below the project's root. */
export const resultsFolder = '.vitest-load/results'

/**
 * Writes the full result as JSON and returns its path relative to the root. A folder that cannot be written loses the
 * file, never the run.
 */
export async function writeResult(root: string, result: RunResult): Promise<string | undefined> {
  const folder = join(root, resultsFolder)
  const stamp = result.startedAt.replaceAll(/[-:.]/g, '')
  const path = join(folder, `${stamp}-${slug(result.scenario)}-${slug(result.runId)}.json`)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(path, `${JSON.stringify(result, undefined, 1)}\n`)
    return relative(root, path)
  } catch {
    return undefined
  }
}

function slug(text: string): string {
  const plain = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return plain.replaceAll(/^-|-$/g, '').slice(0, 60) || 'scenario'
}
