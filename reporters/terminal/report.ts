import type { WrittenResult } from '../../src/results/live.ts'
import type { RunResult } from '../../src/results/run-result.ts'
import { cleanText } from '../../src/shared/text.ts'
import { renderAllPhases } from './all-phases.ts'
import { renderCapacity } from './capacity.ts'
import { renderChecks } from './checks.ts'
import { renderConnections } from './connections.ts'
import { isReplayable, renderErrors } from './errors.ts'
import { renderHeadline } from './headline.ts'
import { renderLatencyTable } from './latency-table.ts'
import { renderOverTime } from './over-time.ts'
import type { Page } from './paint.ts'
import { renderPhases } from './phases.ts'
import { renderScenarios, sortByVerdict } from './scenarios.ts'
import { renderSlos } from './slos.ts'
import { renderReasons, renderVerdict, renderWarnings } from './verdict.ts'
import { displayWidth, wrapText } from './width.ts'

/** A result and what became of its file. */
export type FinishedRun = { readonly result: RunResult } & WrittenResult

/** The report of one scenario, from what is looked up to what is looked for: the verdict is nearest to the prompt. */
export function renderReport({ result, ...written }: FinishedRun, page: Page): string[] {
  const sections = [
    renderHeadline(result, written, page),
    renderOverTime(result, page),
    renderLatencyTable(result, page),
    renderConnections(result, page),
    renderAllPhases(result, page),
    renderPhases(result, page),
    renderChecks(result, page),
    renderErrors(result, page),
    renderWarnings(result, page),
    [...renderSlos(result, page), ...renderReasons(result, page)],
    renderCapacity(result, page),
    renderVerdict(result, page),
  ]
  return sections.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, ''])
}

/** The reports of all scenarios that a test run loaded. */
export function renderReports(runs: readonly FinishedRun[], page: Page): string[] {
  const sorted = sortByVerdict(runs, (run) => run.result.verdict)
  const reports = sorted.flatMap((run) => renderReport(run, page))
  const overview = renderScenarios(
    sorted.map((run) => run.result),
    page,
  )
  const hint = renderReplayHint(sorted, page)
  return ['', ...reports, ...hint, ...overview, ...(overview.length > 0 ? [''] : [])]
}

/** How to look into a failure, once for all: by the most frequent one of the report that is nearest to the prompt. */
function renderReplayHint(runs: readonly FinishedRun[], { width, paint }: Page): string[] {
  const failures = runs
    .filter(({ resultFile }) => resultFile !== undefined)
    .flatMap(({ result }) =>
      result.errors
        .filter(isReplayable)
        .slice(0, 1)
        .map(({ id }) => ({ id, result })),
    )
  const last = failures.at(-1)
  if (last === undefined) return []
  const { id, result } = last
  const command = result.project === '' ? 'LOAD=1 npx vitest run' : `npx vitest run ${projectFlag(result.project)}`
  const sentence = 'Run the iteration of an error again, in full view:'
  const line = `LOAD_REPLAY=${id} ${command}`
  // A command is not broken into lines: it is there to be copied.
  const lines = displayWidth(`${sentence}  ${line}`) <= width ? [`${sentence}  ${line}`] : [sentence, `  ${line}`]
  return [...lines.map((text) => paint.dim(text)), '']
}

/** Why nothing was loaded, and the command that does it. */
export function renderNotAsked(projects: readonly string[], files: number, { width, paint }: Page): string[] {
  const skipped = files === 0 ? 'it was not asked for' : `${files} load spec file${files === 1 ? '' : 's'} skipped`
  const sentence = `load not started: ${skipped}.`
  const command = `Run  ${describeCommand(projects)}.`
  if (displayWidth(`${sentence} ${command}`) <= width) return [`${paint.caution(sentence)} ${paint.dim(command)}`]
  return [paint.caution(sentence), ...wrapText(command, width).map((line) => paint.dim(line))]
}

/** A project without a name cannot be asked for by name. */
function describeCommand(projects: readonly string[]): string {
  if (projects.includes('')) return 'LOAD=1 npx vitest run'
  return `npx vitest run ${projects.map(projectFlag).join(' ')}  (or set LOAD=1)`
}

function projectFlag(project: string): string {
  return `--project ${quoteArgument(cleanText(project))}`
}

function quoteArgument(text: string): string {
  return /^[\w./@:-]+$/.test(text) ? text : JSON.stringify(text)
}
