import type { RunResult } from './run-result.ts'

const maxShown = 3

/**
 * The most frequent failures with their ids, where an implicit objective on the error rate fails the test case `load`: on a
 * CI machine, its message may be all that is seen. Empty otherwise.
 */
export function describeTopFailures({ slos, errors }: Pick<RunResult, 'slos' | 'errors'>): string {
  const isBroken = slos.some(
    ({ slo, status }) => slo.implicit && slo.aggregate.kind === 'errorRate' && status === 'fail',
  )
  const failures = errors.filter(({ category }) => category !== 'aborted')
  if (!isBroken || failures.length === 0) return ''
  const lines = failures.slice(0, maxShown).map(({ id, category, message, step, request, count }) => {
    const place = [step, request].filter((part) => part !== '').join(', ')
    return `\n  ${id}  ${count} × ${category}: ${message}${place === '' ? '' : ` (${place})`}`
  })
  return `\nMost frequent failures:${lines.join('')}`
}
