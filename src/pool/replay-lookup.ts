import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseReplayable, type ReplayableResult, type ReplayReference, type ReplayRequest } from '../options/replay.ts'
import { LoadError, messageOf } from '../shared/errors.ts'
import { cleanText, printable, showValue } from '../shared/text.ts'
import { resultsFolder } from './result-file.ts'

type Row = ReplayableResult['errors'][number]

interface Found {
  readonly result: ReplayableResult
  readonly row: Row
}

/** Each may have megabytes, and what was asked for is mostly in the newest. */
const maxFiles = 200
const maxListed = 12
const inNewest = `of the ${maxFiles} newest results in ${resultsFolder} (of an older one, write its path before the id: path#id)`

/**
 * Looks up the failure that `LOAD_REPLAY` names, in the newest result that has it.
 *
 * @param root - of the Vitest run: results are kept below it.
 * @param isMeant - whether the project of this name is to run.
 * @throws {LoadError} `ERR_LOAD_OPTIONS` when there is none that can be run again; it lists those of the newest run.
 */
export function findReplay(
  root: string,
  reference: ReplayReference,
  isMeant: (project: string) => boolean,
): ReplayRequest {
  const names = reference.path === undefined ? newestFirst(join(root, resultsFolder)) : []
  const results = reference.path === undefined ? readNewest(root, names) : [readOne(root, reference.path)]
  let elsewhere: Found | undefined
  const seen: ReplayableResult[] = []
  for (const result of results) {
    seen.push(result)
    const row = result.errors.find(({ id }) => id === reference.id)
    if (row === undefined) continue
    if (isMeant(result.project)) return toRequest({ result, row })
    elsewhere ??= { result, row }
  }
  if (elsewhere !== undefined) return refuseProject(elsewhere)
  const place = names.length > maxFiles ? inNewest : inPlace(reference, seen)
  return refuse(`no failure ${place} has the id '${reference.id}'. ${listIds(seen)}`)
}

function toRequest({ result, row }: Found): ReplayRequest {
  const { id, category, message, step, request, firstSeenMs, exemplar } = row
  const about = `'${id}' (${category}: ${cleanText(message)})`
  const advice = listIds([result], id)
  if (exemplar === undefined) refuse(`${about} has no iteration that could be run again. ${advice}`)
  if (exemplar.inHook === true)
    refuse(`${about} was met in a hook and has no iteration that could be run again. ${advice}`)
  if (category === 'aborted')
    refuse(
      `${about} was cut by vitest-load itself, because its time was over: run again, it has all the time. ${advice}`,
    )
  const { project, file, scenario, startedAt, seed: runSeed, vus, baseUrl, offline } = result
  const { vu, iteration, globalIteration, seed, rows } = exemplar
  return {
    id,
    project,
    file,
    scenario,
    category,
    message,
    step,
    request,
    startedAt,
    firstSeenMs,
    vu,
    iteration,
    globalIteration,
    seed,
    runSeed,
    vus,
    rows,
    baseUrl,
    offline: offline !== undefined,
  }
}

function* readNewest(root: string, names: readonly string[]): Iterable<ReplayableResult> {
  for (const name of names.slice(0, maxFiles)) {
    const result = readResult(join(root, resultsFolder, name))
    if (typeof result === 'object') yield result
  }
}

/** Names begin with the time at which the load started. */
function newestFirst(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .toReversed()
  } catch {
    return []
  }
}

function readOne(root: string, path: string): ReplayableResult {
  const result = readResult(resolve(root, path))
  return typeof result === 'object'
    ? result
    : refuse(`${showValue(path)} cannot be read: ${result}. Name a result file`)
}

/** Why it is none, where it is none. */
function readResult(path: string): ReplayableResult | string {
  try {
    return parseReplayable(readFileSync(path, 'utf8')) ?? 'it holds no result of this version'
  } catch (error) {
    return printable(messageOf(error))
  }
}

function inPlace({ path }: ReplayReference, seen: readonly ReplayableResult[]): string {
  if (path !== undefined) return `of ${showValue(path)}`
  return seen.length === 1
    ? `of the one result in ${resultsFolder}`
    : `of the ${seen.length} results in ${resultsFolder}`
}

/** The failures that could be meant: those of the newest run. */
function listIds(results: readonly ReplayableResult[], besides?: string): string {
  const [newest] = results
  if (newest === undefined) return 'Run the load first: its results are what a failure is looked up in'
  const rows = results
    .filter(({ runId }) => runId === newest.runId)
    .flatMap(({ scenario, errors }) => errors.map((row) => ({ ...row, scenario })))
    .filter(({ id, category, exemplar }) => id !== besides && category !== 'aborted' && exemplar?.inHook !== true)
  if (rows.length === 0) return 'That run has no other failure that can be run again'
  const shown = rows.toSorted((left, right) => right.count - left.count).slice(0, maxListed)
  const lines = shown.map(
    ({ id, category, message, scenario }) =>
      `\n  ${id}  ${category}: ${cleanText(message, 80)} ('${cleanText(scenario, 40)}')`,
  )
  const rest = rows.length > shown.length ? `\n  … and ${rows.length - shown.length} more` : ''
  return `Those of the newest run are:${lines.join('')}${rest}`
}

function refuseProject({ result: { project }, row: { id } }: Found): never {
  return refuse(
    `'${id}' is a failure of the project ${showValue(project)}. Run it with --project ${showValue(project)}`,
  )
}

function refuse(problem: string): never {
  throw new LoadError(
    'ERR_LOAD_OPTIONS',
    `LOAD_REPLAY cannot be followed: ${problem}${problem.includes('\n') ? '' : '.'}`,
  )
}
