import type { RunResult } from '../../src/results/run-result.ts'
import { cleanText } from '../../src/shared/text.ts'
import type { Page } from './paint.ts'
import { wrapText } from './width.ts'

/** What the reader should know although it did not decide the run. */
export function renderWarnings({ warnings }: Pick<RunResult, 'warnings'>, page: Page): string[] {
  return warnings.flatMap((warning) => renderMarked('!', warning, page.paint.caution, page))
}

/** What decided the run beside the objectives. */
export function renderReasons(
  result: Pick<RunResult, 'verdict' | 'reasons' | 'slos' | 'capacity'>,
  page: Page,
): string[] {
  // The curve and the verdict tell it.
  if (result.capacity !== undefined) return []
  const { breach, caution } = page.paint
  const [mark, color] = result.verdict === 'invalid' ? (['!', caution] as const) : (['✗', breach] as const)
  const told = decisiveReason(result)
  return result.reasons.filter((reason) => reason !== told).flatMap((reason) => renderMarked(mark, reason, color, page))
}

/** Pass, fail or invalid: the last line. What was not met stands right above it, and is not named again. */
export function renderVerdict(
  result: Pick<RunResult, 'verdict' | 'scenario' | 'slos' | 'reasons' | 'capacity'>,
  page: Page,
): string[] {
  const why =
    result.verdict === 'invalid' && result.capacity === undefined
      ? 'the load generator did not deliver the planned load, so nothing is said about the target'
      : describeOutcome(result)
  return renderBadge(result.verdict, `${cleanText(result.scenario)}: ${why}`, page)
}

/** Why a run ended as it did, in a few words. */
export function describeOutcome(result: Pick<RunResult, 'verdict' | 'slos' | 'reasons' | 'capacity'>): string {
  if (result.capacity !== undefined) return cleanText(result.capacity.summary, 600)
  const reason = result.verdict === 'invalid' ? result.reasons[0] : decisiveReason(result)
  return reason === undefined ? describeSlos(result) : cleanText(reason, 600)
}

/** Of a run that failed although no objective was breached. */
function decisiveReason({
  verdict,
  slos,
  reasons,
}: Pick<RunResult, 'verdict' | 'slos' | 'reasons'>): string | undefined {
  return verdict === 'fail' && slos.every((outcome) => outcome.status !== 'fail') ? reasons[0] : undefined
}

/** A verdict and a sentence on it. */
export function renderBadge(verdict: RunResult['verdict'], text: string, { width, paint }: Page): string[] {
  const color = { pass: paint.good, fail: paint.breach, invalid: paint.caution }[verdict]
  const hanging = ' '.repeat(verdict.length + 4)
  return wrapText(text, width - hanging.length).map(
    (line, index) => `${index === 0 ? ` ${paint.badge(verdict)} ` : hanging}${color(line)}`,
  )
}

/** How many objectives were met, or were not. */
function describeSlos({ slos }: Pick<RunResult, 'slos'>): string {
  const breached = slos.filter((outcome) => outcome.status === 'fail').length
  const judged = slos.filter((outcome) => outcome.status !== 'skipped').length
  const skipped = slos.length - judged
  if (judged === 0) return `no SLO was judged${skipped > 0 ? `, ${skipped} skipped` : ''}`
  const left = skipped > 0 ? `, ${skipped} not judged` : ''
  const noun = judged === 1 ? 'SLO' : 'SLOs'
  return `${breached > 0 ? breached : judged} of ${judged} ${noun} ${breached > 0 ? 'breached' : 'met'}${left}`
}

function renderMarked(mark: string, text: string, color: (text: string) => string, { width }: Page): string[] {
  return wrapText(cleanText(text, 600), width - 4).map(
    (line, index) => `  ${color(index === 0 ? mark : ' ')} ${color(line)}`,
  )
}
