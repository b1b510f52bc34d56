import type { WrittenResult } from '../../src/results/live.ts'
import { formatLevel } from '../../src/results/capacity-result.ts'
import type { RunResult } from '../../src/results/run-result.ts'
import { cleanText } from '../../src/shared/text.ts'
import { describePhases } from './all-phases.ts'
import { describeThrottle, describeWarmup } from './apart.ts'
import { renderFact } from './facts.ts'
import type { Page, Paint } from './paint.ts'
import type { Cell } from './table.ts'
import { count, formatBytes, formatCount, formatElapsed, formatFixed } from './units.ts'
import { cutEnd, cutMiddle, displayWidth } from './width.ts'

/** What ran, against what, for how long, and where the whole result is; figures are left to the tables. */
export function renderHeadline(result: RunResult, written: WrittenResult, page: Page): string[] {
  const { paint } = page
  return [
    renderTitle(result, page),
    '',
    ...renderFact('Load', describeLoad(result, paint), page),
    ...renderFact('Arrivals', describeArrivals(result, paint), page),
    ...renderFact('Duration', describeDuration(result, paint), page),
    ...renderFact('Warm-up', describeWarmup(result, paint), page),
    ...renderFact('Throttle', describeThrottle(result, paint), page),
    ...renderFact('Lost', describeLost(result, paint), page),
    ...renderFact('Network', describeNetwork(result, paint), page),
    ...renderFact('Phases', describePhases(result, paint), page),
    ...renderFact('Generator', describeHealth(result, paint), page),
    ...renderFact('Result', [describeFile(written, paint)], page),
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

function describeLoad(result: RunResult, paint: Paint): Cell[] {
  return [
    { text: cleanText(result.load) },
    { text: describeSearch(result) },
    { text: tellsUsers(result) ? '' : `up to ${count(result.vus, 'VU')}` },
    describeTarget(result, paint),
    { text: `seed ${result.seed}`, color: paint.dim },
  ]
}

/** `20 VUs for 5s`, `1,000 iterations by 50 VUs`. */
function tellsUsers({ load, vus }: RunResult): boolean {
  const users = count(vus, 'VU')
  return load.startsWith(users) || load.includes(` by ${users}`)
}

/** That the figures are those of one level of a search. */
function describeSearch({ capacity }: RunResult): string {
  if (capacity === undefined) return ''
  const { levels, unit, from, to, highest } = capacity
  const which = highest === undefined ? 'the last' : 'the highest met'
  return `${which} of ${levels.length} levels from ${formatLevel(unit, from)} to ${formatLevel(unit, to)}`
}

/** Whether iterations that have a planned time started, and how late: of others there is nothing to tell. */
function describeArrivals({ iterations, series, verdict }: RunResult, { caution, dim }: Paint): Cell[] {
  const lag = series.find(({ kind }) => kind === 'iteration')?.phases['start_lag']
  if (lag === undefined) return []
  const { started, dropped, planned = started + dropped } = iterations
  const late = [lag.p50, lag.p99].map((microseconds) => formatFixed(microseconds / 1000, 1))
  return [
    { text: `${formatCount(planned)} planned` },
    { text: `${formatCount(started)} started` },
    { text: dropped > 0 ? `${formatCount(dropped)} dropped` : '', color: caution },
    { text: `start lag p50 ${late[0]} ms, p99 ${late[1]} ms`, color: verdict === 'invalid' ? caution : dim },
  ]
}

/** Figures of handlers say nothing about a target: that must be seen. */
function describeTarget({ baseUrl = '', offline }: RunResult, { caution }: Paint): Cell {
  if (offline === undefined) return { text: cleanText(baseUrl) }
  return { text: `offline: ${cleanText(offline)} answered`, color: caution }
}

function describeDuration({ durationMs, startedAt }: RunResult, { dim }: Paint): Cell[] {
  const started = startedAt.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC')
  return [{ text: formatElapsed(durationMs) }, { text: `started ${started}`, color: dim }]
}

/** What nobody has heard of again, as when a thread crashed; what was cut or dropped is told by warnings. */
function describeLost({ iterations }: RunResult, { caution }: Paint): Cell[] {
  const { started, ok, failed, aborted } = iterations
  const lost = started - ok - failed - aborted
  return lost > 0 ? [{ text: `${count(lost, 'iteration')} of which nothing was reported`, color: caution }] : []
}

/** What went over the wire, how often a connection was made, and how often one was used again. */
function describeNetwork({ connections, bytes }: RunResult, { dim }: Paint): Cell[] {
  const { opened, reused } = connections
  if (opened + reused + bytes.sent + bytes.received === 0) return []
  const reuse = reused > 0 ? ` reused ${count(reused, 'time')}` : ''
  // Where all were opened in the warm-up, none is new.
  const made = opened === 0 ? 'connections' : count(opened, 'connection')
  return [
    { text: `${formatBytes(bytes.sent)} sent`, color: dim },
    { text: `${formatBytes(bytes.received)} received`, color: dim },
    { text: opened + reused > 0 ? `${made}${reuse}` : '', color: dim },
  ]
}

/** Whether the load generator kept up: the worst of its threads. */
function describeHealth({ health, threads, verdict }: RunResult, { dim, caution }: Paint): Cell[] {
  if (health.length === 0) return [{ text: count(threads, 'thread'), color: dim }]
  const color = verdict === 'invalid' ? caution : dim
  const busy = Math.max(...health.map((thread) => thread.eventLoopUtilization))
  const delay = Math.max(...health.map((thread) => thread.eventLoopDelayP99))
  const upTo = health.length > 1 ? 'up to ' : ''
  return [
    { text: count(threads, 'thread'), color },
    { text: `${upTo}${formatFixed(busy * 100, 0)} % busy`, color },
    { text: `event-loop delay p99 ${upTo}${formatFixed(delay / 1000, 1)} ms`, color },
  ]
}

function describeFile({ resultFile, writeFailure }: WrittenResult, { dim, caution }: Paint): Cell {
  if (resultFile === undefined) return { text: cleanText(writeFailure, 400), color: caution }
  return { text: cleanText(resultFile, 400), color: dim }
}
