import { describeAnswer, describeRequest } from '../http/describe-exchange.ts'
import type { HttpTrace, TracedAnswer, TracedRequest } from '../http/trace.ts'
import { outcomes, type Outcome } from '../metrics/series.ts'
import type { ReplayRequest } from '../options/replay.ts'
import type { ReplayLine, ReplayTone } from '../results/replay-line.ts'
import type { Frame } from '../session/current.ts'
import { cleanText } from '../shared/text.ts'
import type { RunTrace } from './run-context.ts'

/** A body that polls without end would fill the terminal. */
const maxRequests = 200
const maxNameLength = 100
const outcomeWords: Readonly<Record<Outcome, string>> = {
  [outcomes.ok]: 'ok',
  [outcomes.failed]: 'failed',
  [outcomes.timeout]: 'timed out',
  [outcomes.aborted]: 'cut',
}

/** Tells what an iteration does that is run again, as it happens. */
export class ReplayLog implements HttpTrace, RunTrace {
  readonly #print: (lines: readonly ReplayLine[]) => void
  /** Numbers of the requests that were sent: several may be under way at once. */
  readonly #numbers: WeakMap<object, number> = new WeakMap()
  #requests: number = 0

  constructor(print: (lines: readonly ReplayLine[]) => void) {
    this.#print = print
  }

  /** How many requests there have been, those of hooks included. */
  get requests(): number {
    return this.#requests
  }

  begin(request: ReplayRequest): void {
    const { id, category, message, scenario, file, startedAt, vu, iteration, globalIteration, seed } = request
    const rows = Object.entries(request.rows).map(([name, index]) => `${cleanText(name, maxNameLength)} ${index}`)
    const facts = [
      `VU ${vu}`,
      `iteration ${iteration}${globalIteration === undefined ? '' : ` (number ${globalIteration} of all)`}`,
      `seed ${seed}`,
      ...(rows.length === 0 ? [] : [`rows: ${rows.join(', ')}`]),
    ]
    this.#tell('title', [`Running ${id} again: ${category}, ${cleanText(message, 400)}`])
    this.#tell('dim', [
      `'${cleanText(scenario, maxNameLength)}' of ${cleanText(file)}, in the load of ${cleanText(startedAt)}${placeOf(request)}`,
      facts.join(', '),
    ])
  }

  note(text: string): void {
    this.#tell('dim', [text])
  }

  end(tone: ReplayTone, text: string): void {
    this.#tell(tone, ['', text, ''])
  }

  sent(key: object, request: TracedRequest): void {
    // A redirect sends another one for the same key.
    this.#requests += 1
    this.#numbers.set(key, this.#requests)
    if (this.#requests === maxRequests + 1) this.note('… further requests are not shown')
    if (this.#requests > maxRequests) return
    const [line = '', ...rest] = describeRequest(request, secretsOf(request.frame))
    this.#tell('title', ['', `> ${this.#requests}  ${line}${placeIn(request.frame)}`])
    this.#tell('dim', rest.map(indent))
  }

  ended(key: object, answer: TracedAnswer): void {
    const number = this.#numbers.get(key)
    if (number === undefined) this.#requests += 1
    if ((number ?? this.#requests) > maxRequests) return
    const [line = '', ...rest] = describeAnswer(answer, secretsOf(answer.frame))
    const tone = answer.failure === undefined ? 'good' : 'bad'
    const name = number === undefined ? `${cleanText(answer.name, maxNameLength)}: ` : ''
    this.#tell(tone, [`< ${number ?? this.#requests}  ${name}${line}`])
    const problem = answer.failure === undefined ? [] : rest.splice(-1)
    this.#tell('dim', rest.map(indent))
    this.#tell('bad', problem.map(indent))
  }

  step(path: string, outcome: Outcome, elapsedMs: number): void {
    const tone = outcome === outcomes.ok ? 'good' : 'bad'
    this.#tell(tone, [`= step ${cleanText(path, maxNameLength)}: ${outcomeWords[outcome]}, ${elapsedMs.toFixed(1)} ms`])
  }

  check(name: string, path: string, passed: boolean): void {
    const place = path === '' ? '' : `  [${cleanText(path, maxNameLength)}]`
    const text = `= check ${cleanText(name, maxNameLength)}: ${passed ? 'held' : 'did not hold'}${place}`
    this.#tell(passed ? 'good' : 'bad', [text])
  }

  #tell(tone: ReplayTone, texts: readonly string[]): void {
    if (texts.length > 0) this.#print(texts.map((text) => ({ text, tone })))
  }
}

function indent(line: string): string {
  return line === '' ? '' : `     ${line}`
}

function placeIn({ path, scope }: Frame): string {
  const place = scope.hook ? 'in a hook' : cleanText(path, maxNameLength)
  return place === '' ? '' : `  [${place}]`
}

function placeOf({ step, request }: ReplayRequest): string {
  const place = [step, request].filter((part) => part !== '').map((part) => cleanText(part))
  return place.length === 0 ? '' : `, at ${place.join(', ')}`
}

function secretsOf({ session }: Frame): string[] {
  return [...session.secrets()]
}
