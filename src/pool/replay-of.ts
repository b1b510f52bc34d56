import type { Vitest } from 'vitest/node'
import { readEnvironment } from '../options/environment.ts'
import type { ReplayRequest } from '../options/replay.ts'
import { namesProject } from './asked.ts'
import { findReplay } from './replay-lookup.ts'

const found = new WeakMap<Vitest, ReplayRequest>()

/**
 * The failed iteration that `LOAD_REPLAY` asks to run again; `undefined` where it asks for none. Looked up once: all
 * workers run the same one, and in watch mode again and again.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` when it cannot be run again.
 */
export function replayOf(vitest: Vitest): ReplayRequest | undefined {
  const known = found.get(vitest)
  if (known !== undefined) return known
  const { replay, asked } = readEnvironment(process.env, [])
  if (replay === undefined) return undefined
  const isMeant = (project: string): boolean =>
    asked || [vitest.config.project].flat().some((filter) => namesProject(filter, project))
  const request = findReplay(vitest.config.root, replay, isMeant)
  found.set(vitest, request)
  return request
}
