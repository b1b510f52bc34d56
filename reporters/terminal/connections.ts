import type { RunResult } from '../../src/results/run-result.ts'
import { cleanText } from '../../src/shared/text.ts'
import type { Page, Paint } from './paint.ts'
import { renderTable, type Cell, type Column } from './table.ts'
import { formatCount, formatMilliseconds } from './units.ts'

type Origin = NonNullable<RunResult['connections']['origins']>[number]

/** Which part of the connections may be closed before the end of the load without a word on it. */
const usualShare = 0.05

const columns: readonly Column[] = [
  { title: 'connections', align: 'left', cut: 'middle' },
  { title: 'opened', align: 'right' },
  { title: 'reused', align: 'right' },
  { title: 'failed', align: 'right' },
  { title: 'server closed', align: 'right' },
  { title: 'broken', align: 'right' },
  { title: 'cut', align: 'right', dispensable: 5 },
  { title: 'idle', align: 'right', dispensable: 4 },
  { title: 'single', align: 'right', dispensable: 3 },
  { title: 'peak', align: 'right', dispensable: 6 },
  { title: 'in use', align: 'right', dispensable: 2 },
  { title: 'waited', align: 'right' },
  { title: 'mean wait', align: 'right', dispensable: 1 },
]

/**
 * What became of the connections to each origin, where that is more than the line on the network tells: there are several,
 * some failed, were closed early, or had requests wait for them.
 */
export function renderConnections({ connections }: Pick<RunResult, 'connections'>, page: Page): string[] {
  const { origins = [] } = connections
  if (!tellsMore(origins)) return []
  return renderTable(
    columns,
    origins.map((origin) => renderOrigin(origin, page.paint)),
    page,
  )
}

/** Whether there is something about connections to look into. */
export function tellsMore(origins: readonly Origin[]): boolean {
  return origins.length > 1 || origins.some(isUnusual)
}

function isUnusual({ opened, failed, waited, closed, peakOpen }: Origin): boolean {
  const early = closed.server + closed.error + closed.cut + closed.idle + closed.single
  return failed + waited > 0 || early > usualShare * Math.max(opened, peakOpen)
}

function renderOrigin(origin: Origin, { bad, caution, dim }: Paint): Cell[] {
  const { closed, waited, waitedMs } = origin
  const always = (value: number, color?: (text: string) => string): Cell => ({ text: formatCount(value), color })
  const ifAny = (value: number, color?: (text: string) => string): Cell =>
    value === 0 ? { text: '' } : always(value, color)
  return [
    { text: cleanText(origin.origin) },
    always(origin.opened),
    always(origin.reused),
    ifAny(origin.failed, bad),
    ifAny(closed.server, caution),
    ifAny(closed.error, caution),
    ifAny(closed.cut),
    ifAny(closed.idle),
    ifAny(closed.single),
    always(origin.peakOpen, dim),
    always(origin.peakInUse, dim),
    ifAny(waited, caution),
    { text: waited === 0 ? '' : formatMilliseconds((waitedMs / waited) * 1000), color: dim },
  ]
}
