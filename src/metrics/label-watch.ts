import { isWithinStep, shortName } from './bounds.ts'
import { outcomes, type Outcome, type Series, type SeriesKind } from './series.ts'

/** What objectives may ask of a request besides its name and step. Read during the call only. */
export interface RequestLabels {
  readonly method: string
  /** 0 where there was no answer. */
  readonly status: number
  readonly tags: Readonly<Record<string, string>> | undefined
}

/** Which requests are measured under a name of their own. */
export interface LabelledRequests {
  readonly key: string
  readonly request: string | undefined
  readonly step: string | undefined
  readonly where: {
    readonly method?: string
    readonly status?: string
    readonly error?: string
    readonly tags?: Readonly<Record<string, string>>
  }
  /**
   * Whether what only the outcome tells – status and error – decides which requests have failed, of all that have the
   * other labels; otherwise it decides which requests are counted.
   */
  readonly isRate: boolean
}

/** A request that has ended. */
export interface LabelledRequest {
  readonly name: string
  /** Path of its step; empty outside of steps. */
  readonly step: string
  readonly labels: RequestLabels
  readonly outcome: Outcome
  /** Category of the failure; empty without one. */
  readonly error: string
  readonly durationUs: number
  readonly serviceUs: number
  readonly endedAtMs: number
}

/** Where the requests are measured. */
interface SeriesSource {
  reserve(kind: SeriesKind, name: string): void
  series(kind: SeriesKind, name: string): Series
}

const maxValues = 20

/** Measures the requests that have certain labels, where objectives ask for them; nobody else pays for labels. */
export class LabelWatch {
  readonly #watched: readonly { readonly requests: LabelledRequests; readonly series: Series }[]
  /** Labels that are asked for, with the values met: told when none of them is the one that was meant. */
  readonly #seen: Map<string, Set<string>> = new Map()
  readonly #unsent: [string, string][] = []

  constructor(registry: SeriesSource, all: readonly LabelledRequests[]) {
    this.#watched = all.map((requests) => {
      registry.reserve('labelled', requests.key)
      if (requests.request !== undefined) registry.reserve('request', requests.request)
      for (const label of labelsOf(requests)) this.#seen.set(label, new Set())
      return { requests, series: registry.series('labelled', requests.key) }
    })
  }

  note(request: LabelledRequest): void {
    const { labels, error, durationUs, serviceUs, endedAtMs } = request
    this.#see('method', labels.method)
    this.#see('status', labels.status === 0 ? 'none' : String(labels.status))
    if (error !== '') this.#see('error', error)
    for (const name in labels.tags) this.#see(`tag ${name}`, labels.tags[name] ?? '')
    for (const { requests, series } of this.#watched) {
      if (!isAmong(requests, request.name, request.step, labels)) continue
      const hasOutcome = hasOutcomeLabels(requests, labels.status, error)
      if (!requests.isRate && !hasOutcome) continue
      const outcome = requests.isRate ? rateOutcome(request.outcome, hasOutcome) : request.outcome
      series.record(outcome, durationUs)
      if (outcome !== outcomes.failed && serviceUs >= 0) series.recordService(serviceUs)
      series.tell(outcome, durationUs, serviceUs, endedAtMs - durationUs / 1000, endedAtMs)
    }
  }

  /** Values that were met for the first time since the last call, each with its label. */
  drainSeen(): [string, string][] {
    return this.#unsent.splice(0)
  }

  #see(label: string, value: string): void {
    const values = this.#seen.get(label)
    if (values === undefined || values.has(value) || values.size >= maxValues) return
    values.add(value)
    this.#unsent.push([label, value])
  }
}

/** The labels that a target asks for, as they are told: `status`, `tag tenant`. */
export function labelsOf({ where }: Pick<LabelledRequests, 'where'>): string[] {
  const { tags, ...others } = where
  return [...Object.keys(others), ...Object.keys(tags ?? {}).map((name) => `tag ${name}`)]
}

/** Whether a request is one of those, as far as that can be told before there is an answer. */
export function isAmong(
  { request, step, where }: Pick<LabelledRequests, 'request' | 'step' | 'where'>,
  name: string,
  path: string,
  labels: Pick<RequestLabels, 'method' | 'tags'>,
): boolean {
  if (request !== undefined && request !== name) return false
  if (step !== undefined && !isWithinStep(shortName(path), step)) return false
  if (where.method !== undefined && where.method !== labels.method) return false
  for (const tag in where.tags) if (labels.tags?.[tag] !== where.tags[tag]) return false
  return true
}

function hasOutcomeLabels({ where }: LabelledRequests, status: number, error: string): boolean {
  if (where.error !== undefined && where.error !== error) return false
  if (where.status === undefined) return true
  if (where.status.endsWith('xx')) return Math.floor(status / 100) === Number(where.status[0])
  return Number(where.status) === status
}

/** A failure of another kind is none here; what was cut stays what it is. */
function rateOutcome(outcome: Outcome, isCounted: boolean): Outcome {
  if (outcome === outcomes.ok || outcome === outcomes.aborted || isCounted) return outcome
  return outcomes.ok
}
