import type { WrittenResult } from '../../src/results/live.ts'
import type { RunResult } from '../../src/results/run-result.ts'
import { cleanText } from '../../src/shared/text.ts'
import { renderChecks } from './checks.ts'
import { renderHealth, renderPhases } from './connections.ts'
import { renderErrors } from './errors.ts'
import { renderFact } from './facts.ts'
import { renderHeadline } from './headline.ts'
import { renderLatencyTable } from './latency-table.ts'
import type { Page } from './paint.ts'
import { renderSlos } from './slos.ts'
import { renderTally, renderVerdict, renderWarnings } from './verdict.ts'
import { displayWidth, wrapText } from './width.ts'

/** A result and what became of its file. */
export type FinishedRun = { readonly result: RunResult } & WrittenResult

/** The report of one scenario, from the general to the verdict. */
export function renderReport(run: FinishedRun, page: Page): string[] {
  const { result } = run
  const sections = [
    renderHeadline(result, page),
    renderLatencyTable(result, page),
    renderPhases(result, page),
    [...renderHealth(result, page), ...renderFile(run, page)],
    renderChecks(result, page),
    renderErrors(result, page),
    renderSlos(result, page),
    renderWarnings(result, page),
    renderVerdict(result, page),
  ]
  return sections.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, ''])
}

function renderFile({ resultFile, writeFailure }: WrittenResult, page: Page): string[] {
  const { dim, caution } = page.paint
  const told =
    resultFile === undefined
      ? { text: cleanText(writeFailure, 400), color: caution }
      : { text: cleanText(resultFile, 400), color: dim }
  return renderFact('Result', [told], page)
}

/** The reports of all scenarios that a test run loaded. */
export function renderReports(runs: readonly FinishedRun[], page: Page): string[] {
  const tally = renderTally(
    runs.map((run) => run.result),
    page,
  )
  return ['', ...runs.flatMap((run) => renderReport(run, page)), ...tally, ...(tally.length > 0 ? [''] : [])]
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
  return `npx vitest run ${projects.map((project) => `--project ${quoteArgument(cleanText(project))}`).join(' ')}  (or set LOAD=1)`
}

function quoteArgument(text: string): string {
  return /^[\w./@:-]+$/.test(text) ? text : JSON.stringify(text)
}
