import type { RunResult } from '../../src/results/run-result.ts'
import { renderChecks } from './checks.ts'
import { renderHealth, renderPhases } from './connections.ts'
import { renderErrors } from './errors.ts'
import { renderFact } from './facts.ts'
import { renderHeadline } from './headline.ts'
import { renderLatencyTable } from './latency-table.ts'
import type { Page } from './paint.ts'
import { renderSlos } from './slos.ts'
import { renderTally, renderVerdict, renderWarnings } from './verdict.ts'
import { printable } from './width.ts'

/** A result and where it was written to. */
export interface FinishedRun {
  readonly result: RunResult
  readonly resultFile: string | undefined
}

/** The report of one scenario, from the general to the verdict. */
export function renderReport({ result, resultFile }: FinishedRun, page: Page): string[] {
  const file =
    resultFile === undefined
      ? []
      : renderFact('Result', [{ text: printable(resultFile, 400), color: page.paint.dim }], page)
  const sections = [
    renderHeadline(result, page),
    renderLatencyTable(result, page),
    renderPhases(result, page),
    [...renderHealth(result, page), ...file],
    renderChecks(result, page),
    renderErrors(result, page),
    renderSlos(result, page),
    renderWarnings(result, page),
    renderVerdict(result, page),
  ]
  return sections.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, ''])
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
export function renderNotAsked(projects: readonly string[], files: number, { paint }: Page): string[] {
  const skipped = files === 0 ? 'it was not asked for' : `${files} load spec file${files === 1 ? '' : 's'} skipped`
  return [`${paint.caution(`load not started: ${skipped}.`)}${paint.dim(` Run  ${describeCommand(projects)}.`)}`]
}

/** A project without a name cannot be asked for by name. */
function describeCommand(projects: readonly string[]): string {
  if (projects.includes('')) return 'LOAD=1 npx vitest run'
  return `npx vitest run ${projects.map((project) => `--project ${quoteArgument(printable(project))}`).join(' ')}  (or set LOAD=1)`
}

function quoteArgument(text: string): string {
  return /^[\w./@:-]+$/.test(text) ? text : JSON.stringify(text)
}
