import type { RunResult } from '../../src/results/run-result.ts'
import { cleanText } from '../../src/shared/text.ts'
import { tellsMore } from './connections.ts'
import type { Page, Paint } from './paint.ts'
import { isTooSlow } from './phases.ts'
import { renderTable, type Cell, type Column } from './table.ts'
import { count, formatCount, formatMilliseconds, pickLatencyScale } from './units.ts'

type Measured = Pick<RunResult, 'phases' | 'slos' | 'connections' | 'offline'>

/** Figures, and how many samples one takes to be another than the maximum. */
const figures = [
  { title: 'p50', field: 'p50', least: 1 },
  { title: 'p90', field: 'p90', least: 10 },
  { title: 'p95', field: 'p95', least: 20 },
  { title: 'p99', field: 'p99', least: 100 },
  { title: 'max', field: 'max', least: 1 },
] as const

const columns: readonly Column[] = [
  { title: 'count', align: 'right' },
  ...figures.map(({ title }): Column => ({ title, align: 'right' })),
]

/** What is shorter, as a part of the longest phase that each request goes through, is left to the table. */
const leastShare = 0.1

/** Where the time of requests goes, in a line: what takes long enough to be read. */
export function describePhases(result: Measured, { dim }: Paint): Cell[] {
  const phases = phasesOf(result)
  if (phases === undefined || isAskedFor(result)) return []
  const all = Object.entries(phases)
  const most = Math.max(...all.map(([, phase]) => phase.count))
  const longest = Math.max(...all.map(([, phase]) => (phase.count === most ? phase.p95 : 0)))
  const parts = all.flatMap(([name, phase]): Cell[] => {
    if (phase.p95 < longest * leastShare) return []
    // Of a connection's phases, that not each request has gone through.
    const times = phase.count < most ? ` (${count(phase.count, 'time')})` : ''
    return [{ text: `${cleanText(name)} ${formatMilliseconds(phase.p95)}${times}`, color: dim }]
  })
  return parts.length === 0 ? [] : [{ text: 'p95 of', color: dim }, ...parts]
}

/** Where the time of all requests together went, when they were too slow or there is something about connections. */
export function renderAllPhases(result: Measured, page: Page): string[] {
  const phases = phasesOf(result)
  if (phases === undefined || !isAskedFor(result)) return []
  const all = Object.entries(phases)
  const scale = pickLatencyScale(all.map(([, phase]) => phase))
  const rows = all.map(([name, phase]): Cell[] => [
    { text: cleanText(name) },
    { text: formatCount(phase.count) },
    ...figures.map(({ field, least }) => ({ text: phase.count < least ? '' : scale.format(phase[field]) })),
  ])
  const title: Column = { title: `phases of all requests in ${scale.unit}`, align: 'left', cut: 'end' }
  return renderTable([title, ...columns], rows, page)
}

/** How long handlers take to answer in place of a network says nothing of where time goes. */
function phasesOf({ phases, offline, connections }: Measured): RunResult['phases'] {
  return offline !== undefined && connections.origins === undefined ? undefined : phases
}

function isAskedFor({ slos, connections }: Measured): boolean {
  return slos.some(isTooSlow) || tellsMore(connections.origins ?? [])
}
