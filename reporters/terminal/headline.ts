import type { RunResult } from '../../src/results/run-result.ts'
import { cleanText } from '../../src/shared/text.ts'
import { renderConnections } from './connections.ts'
import { renderFact } from './facts.ts'
import type { Page } from './paint.ts'
import type { Cell } from './table.ts'
import { formatCount, formatElapsed, formatRate } from './units.ts'
import { cutEnd, cutMiddle, displayWidth } from './width.ts'

/** What ran, for how long, and how much of it: the part to read when there is time for nothing else. */
export function renderHeadline(result: RunResult, page: Page): string[] {
  return [
    renderTitle(result, page),
    '',
    ...renderFact('Load', describeLoad(result), page),
    ...renderFact(
      'Duration',
      [{ text: formatElapsed(result.durationMs) }, { text: `started ${result.startedAt}`, color: page.paint.dim }],
      page,
    ),
    ...renderFact('Iterations', describeIterations(result, page), page),
    ...renderFact('Requests', describeRequests(result, page), page),
    ...renderConnections(result, page),
  ]
}

/** The scenario on the left, its file and project on the right, a rule between. */
function renderTitle(result: RunResult, { width, paint }: Page): string {
  const scenario = cutEnd(cleanText(result.scenario), Math.floor(width / 2))
  const project = result.project === '' ? '' : ` |${cleanText(result.project)}|`
  const room = width - displayWidth(scenario) - displayWidth(project) - 7
  const file = cutMiddle(cleanText(result.file), Math.max(10, room))
  const rule = '─'.repeat(Math.max(2, width - displayWidth(`  ${scenario}  ${file}${project}`) - 1))
  return ` ${paint.strong(scenario)} ${paint.dim(rule)} ${file}${paint.dim(project)}`
}

function describeLoad(result: RunResult): Cell[] {
  return [
    { text: cleanText(result.load) },
    { text: cleanText(result.executor) },
    { text: result.load.startsWith(`${result.vus} VU`) ? '' : `up to ${count(result.vus, 'VU')}` },
    { text: count(result.threads, 'thread') },
    { text: `seed ${result.seed}` },
    { text: result.baseUrl === undefined ? '' : cleanText(result.baseUrl) },
  ]
}

function describeIterations({ iterations }: RunResult, { paint }: Page): Cell[] {
  return [
    { text: formatCount(iterations.started) },
    { text: `${formatRate(iterations.perSecond)}/s` },
    { text: `${formatCount(iterations.ok)} ok` },
    { text: `${formatCount(iterations.failed)} failed`, color: iterations.failed > 0 ? paint.bad : undefined },
    { text: iterations.aborted > 0 ? `${formatCount(iterations.aborted)} aborted` : '' },
    { text: iterations.dropped > 0 ? `${formatCount(iterations.dropped)} dropped` : '', color: paint.caution },
  ]
}

function describeRequests({ requests }: RunResult, { paint }: Page): Cell[] {
  return [
    { text: formatCount(requests.started) },
    { text: `${formatRate(requests.perSecond)}/s` },
    { text: `${formatCount(requests.ok)} ok` },
    { text: `${formatCount(requests.failed)} failed`, color: requests.failed > 0 ? paint.bad : undefined },
    { text: requests.aborted > 0 ? `${formatCount(requests.aborted)} aborted` : '' },
  ]
}

function count(value: number, noun: string): string {
  return `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`
}
