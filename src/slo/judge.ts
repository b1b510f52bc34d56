import type { Judgement } from '../results/build-result.ts'
import type { RunTotals } from '../results/run-totals.ts'
import { redact } from '../shared/text.ts'
import { evaluateSlo } from './evaluate.ts'
import { sloTitle, type Slo, type SloOutcome } from './model.ts'

/** What, besides the measurements, decides how a run is judged. */
export interface Circumstances {
  readonly durationMs: number
  /** Why the run itself failed: a thread was lost, a hook threw, the user aborted it. */
  readonly failures: readonly string[]
  readonly warnings: readonly string[]
}

/** Judges a run: every objective, then the verdict over all. */
export function judgeRun(slos: readonly Slo[], totals: RunTotals, circumstances: Circumstances): Judgement {
  const generatorErrors = [...totals.errors.values()].filter((row) => row.category === 'generator')
  const invalid = generatorErrors.map(
    (row) =>
      `the load generator failed ${row.count === 1 ? 'once' : `${row.count.toLocaleString('en')} times`} itself: ${row.message}. Lower the number of virtual users or raise the machine's limits`,
  )
  const outcomes = slos.map((slo) => evaluateSlo(slo, totals, circumstances.durationMs))
  // An objective that nobody declared has nothing to say where nothing of its kind took place.
  const relevant = outcomes.filter(({ slo, actual }) => !slo.implicit || actual !== undefined)
  const judged = invalid.length > 0 ? relevant.map(skipInvalid) : relevant
  const failures = [...circumstances.failures, ...findEmptyRun(totals)]
  const breached = judged.some((outcome) => outcome.status === 'fail')
  const verdict = invalid.length > 0 ? 'invalid' : failures.length > 0 || breached ? 'fail' : 'pass'
  return {
    slos: judged,
    verdict,
    reasons: [...invalid, ...failures].map(redact),
    warnings: [...circumstances.warnings, ...describeCounters(totals), ...judged.flatMap(describeWarning)],
  }
}

function skipInvalid(outcome: SloOutcome): SloOutcome {
  return { ...outcome, status: 'skipped', message: `${sloTitle(outcome.slo)} was not judged: the run is invalid` }
}

function findEmptyRun({ counters }: RunTotals): string[] {
  if (counters.iterationsOk > 0) return []
  if (counters.iterationsStarted === 0) return ['no iteration was started']
  const { iterationsFailed: failed, iterationsAborted: aborted } = counters
  return [`no iteration completed: ${failed.toLocaleString('en')} failed and ${aborted.toLocaleString('en')} were cut`]
}

function describeWarning(outcome: SloOutcome): string[] {
  return outcome.warning === undefined ? [] : [`${sloTitle(outcome.slo)} ${outcome.warning}`]
}

function describeCounters({ counters }: RunTotals): string[] {
  const warnings: string[] = []
  const warn = (count: number, text: string): void => {
    if (count > 0) warnings.push(`${count.toLocaleString('en')} ${text}`)
  }
  warn(
    counters.requestsNotAwaited,
    'requests were still running when their iteration had returned; await them, or their time is nobody’s',
  )
  warn(counters.backOffs, 'times a virtual user was slowed down because its iterations failed at once')
  warn(counters.iterationsDropped, 'iterations were not started before the maximum duration')
  warn(counters.iterationsAborted, 'iterations were cut at the end of the load; their true duration is unknown')
  warn(counters.cookiesRejected, 'cookies were refused (wrong domain, Secure over HTTP, or malformed)')
  warn(counters.overflowed, "series, checks or error rows went to 'other': names must not contain ids")
  return warnings
}
