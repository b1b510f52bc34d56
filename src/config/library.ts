import { fileURLToPath } from 'node:url'
import { escapeRegExp } from '../shared/text.ts'

/** Folder of this package's code, compiled or not, and whether it is the sources. */
const folder = fileURLToPath(new URL('../', import.meta.url))
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

/**
 * Matches this package's own files. They are loaded by Node, never inlined by Vite: the spec and the thread's entry must
 * share one copy. Below node_modules that is so anyway; for a workspace link it has to be said.
 */
export const libraryPattern: RegExp = new RegExp(`^${escapeRegExp(folder.replaceAll('\\', '/'))}`)

/** Path of a file of this package, given relative to its code folder without extension. */
export function libraryFile(path: string): string {
  return `${folder}${path}${extension}`
}
