import type { RunResult, Verdict } from '../../src/results/run-result.ts'
import { sloTitle } from '../../src/slo/model.ts'
import { cleanText } from '../../src/shared/text.ts'
import { renderFact } from './facts.ts'
import type { Page } from './paint.ts'
import { formatCount } from './units.ts'
import { cutMiddle, wrapText } from './width.ts'

/** What the reader should know although it did not decide the run. */
export function renderWarnings({ warnings }: Pick<RunResult, 'warnings'>, page: Page): string[] {
  return warnings.flatMap((warning) => renderMarked('!', warning, page.paint.caution, page))
}

/** Pass, fail or invalid, and why. */
export function renderVerdict(
  result: Pick<RunResult, 'verdict' | 'scenario' | 'slos' | 'reasons'>,
  page: Page,
): string[] {
  const { paint } = page
  const color = { pass: paint.good, fail: paint.bad, invalid: paint.caution }[result.verdict]
  const badge = paint.badge(result.verdict)
  const hanging = ' '.repeat(result.verdict.length + 4)
  const sentence = wrapText(`${cleanText(result.scenario)}: ${describeVerdict(result)}`, page.width - hanging.length)
  const lines = sentence.map((line, index) => `${index === 0 ? ` ${badge} ` : hanging}${color(line)}`)
  return [
    ...lines,
    ...result.reasons.flatMap((reason) => renderMarked(result.verdict === 'invalid' ? '!' : '✗', reason, color, page)),
  ]
}

function describeVerdict({ verdict, slos }: Pick<RunResult, 'verdict' | 'slos'>): string {
  if (verdict === 'invalid')
    return 'the load generator did not deliver the planned load, so nothing is said about the target'
  const breached = slos.filter((outcome) => outcome.status === 'fail')
  const judged = slos.filter((outcome) => outcome.status !== 'skipped')
  const skipped = slos.length > judged.length ? `, ${slos.length - judged.length} not judged` : ''
  if (judged.length === 0) return `no SLO was judged${slos.length > 0 ? `, ${slos.length} skipped` : ''}`
  const noun = judged.length === 1 ? 'SLO' : 'SLOs'
  if (breached.length === 0) return `${judged.length} of ${judged.length} ${noun} met${skipped}`
  const titles = breached.map((outcome) => cleanText(sloTitle(outcome.slo))).join(', ')
  return `${breached.length} of ${judged.length} ${noun} breached${skipped}: ${titles}`
}

function renderMarked(mark: string, text: string, color: (text: string) => string, { width }: Page): string[] {
  return wrapText(cleanText(text, 600), width - 4).map(
    (line, index) => `  ${color(index === 0 ? mark : ' ')} ${color(line)}`,
  )
}

const tallies: readonly { verdict: Verdict; noun: string }[] = [
  { verdict: 'fail', noun: 'failed' },
  { verdict: 'invalid', noun: 'invalid' },
  { verdict: 'pass', noun: 'passed' },
]

/** With several scenarios: how many ended how, and the names of those to scroll up to. */
export function renderTally(results: readonly Pick<RunResult, 'verdict' | 'scenario'>[], page: Page): string[] {
  if (results.length < 2) return []
  const colors = { pass: page.paint.good, fail: page.paint.bad, invalid: page.paint.caution }
  const parts = tallies.flatMap(({ verdict, noun }) => {
    const matching = results.filter((result) => result.verdict === verdict)
    if (matching.length === 0) return []
    const names =
      verdict === 'pass' ? '' : `: ${matching.map((result) => cutMiddle(cleanText(result.scenario), 40)).join(', ')}`
    return [{ text: `${formatCount(matching.length)} ${noun}${names}`, color: colors[verdict] }]
  })
  return renderFact('Scenarios', parts, page)
}
