import type { AnswerStream } from './answer-stream.ts'
import type { ExchangeOptions, RedirectMode } from './exchange-options.ts'
import type { Failure } from '../metrics/error-table.ts'
import type { RequestLabels } from '../metrics/label-watch.ts'
import type { Observation, Recorder } from '../protocols/contract.ts'
import type { Frame } from '../session/current.ts'
import type { Session } from '../session/session.ts'
import type { CategorisedError } from '../shared/errors.ts'
import { statusFailure, type Expectation, type UnusableExpectation } from './expectation.ts'
import { answerWithoutBody, headOf, prefixOf, type MissingBody } from './missing-body.ts'
import type { TimedAnswer } from './expected-answer.ts'
import { HttpResponse, type ResponseParts } from './http-response.ts'
import type { Deadline } from './in-flight.ts'
import { problemOfAnswer } from './judgement.ts'
import { abortedFailure, timeoutFailure, toError, type Problem } from './problem.ts'
import { noRedirects, type FollowedRedirect } from './redirect-history.ts'
import type { RequestContent } from './request-content.ts'
import type { RequestPlan } from './request-plan.ts'
import { PhaseDeadlines, shortestOf } from './request-timeouts.ts'
import { decodeBody, decodingFailure, joinChunks, tooLargeFailure, type ResponseHeaders } from './response-body.ts'
import type { RetryPolicy } from '../shared/retry.ts'
import { StreamedBody } from './streamed-body.ts'
import { hasTraceparent, newTraceId, traceIdOf } from './trace-context.ts'
import { now } from '../shared/now.ts'
import type { HttpTrace } from './trace.ts'

/** What carries an exchange at present, and can be told to stop. */
export interface Carrier {
  /** Ends the exchange's request; it comes back as failed. */
  abort(exchange: Exchange): void
  /** Lets its answer wait, and come again; only where there is one on its way. */
  pause?(exchange: Exchange): void
  resume?(exchange: Exchange): void
}

/** The client an exchange belongs to. */
export interface ExchangeOwner {
  readonly session: Session
  readonly recorder: Recorder
  /** Who sees what is sent and received, if anybody does. */
  readonly trace: HttpTrace | undefined
  /** The headers to send now, cookies included. */
  headersFor(exchange: Exchange): string[]
  /** Its request has ended, and what carried it is free again. The observation is valid during the call. */
  ended(exchange: Exchange, observation: Observation, failure: Failure | undefined, cause: unknown): void
  /** Its request has ended before there was a connection for it. */
  endedInQueue(exchange: Exchange): void
  /** Stores the cookies that the answer's headers set. */
  storeCookies(exchange: Exchange): void
  /** Takes the exchange out of the requests in flight. */
  settled(exchange: Exchange): void
}

const noHeaders: ResponseHeaders = Object.freeze({})

/**
 * One call of `http.get()` and its like, from the call to the end of the last redirect. It goes through the states:
 *
 * - `in flight`: `carrier` is the connection, or the queue for one, that has it. At each redirect it changes carriers.
 * - `done`: there is a response, or a `problem`; never both. Who waits is told, once.
 *
 * `stop` asks for the end of one that is in flight: the reason is kept, and the carrier gives it back as failed.
 */
export class Exchange implements TimedAnswer, Deadline, RequestLabels {
  readonly owner: ExchangeOwner
  readonly frame: Frame
  /** The shortest of its timeouts. */
  readonly timeoutMs: number
  readonly #totalTimeoutMs: number
  /** Only where it has more timeouts than that of the whole. */
  readonly #deadlines: PhaseDeadlines | undefined
  readonly redirect: RedirectMode
  readonly maxResponseBytes: number
  /** Why its body cannot be read, once it is complete; `undefined` where it can. */
  missingBody: MissingBody | undefined
  /** Of the `traceparent` that it gets when it is sent. */
  readonly madeTraceId: string | undefined
  plan: RequestPlan
  /** Name in reports; `undefined` for the plan's. */
  name: string | undefined
  readonly tags: Readonly<Record<string, string>> | undefined
  path: string
  content: RequestContent | undefined
  carrier: Carrier | undefined
  redirects: number = 0
  readonly retry: RetryPolicy | undefined
  attempts: number = 1
  #followed: FollowedRedirect[] | undefined
  expectation: Expectation | UnusableExpectation | undefined

  // Times of `performance.now()`.
  startedAt: number
  deadlineAt: number
  previous: Deadline | undefined
  next: Deadline | undefined

  // The answer to the last request.
  status: number = 0
  headers: ResponseHeaders = noHeaders
  overHttp2: boolean = false
  phasesUs: readonly number[] = []
  durationUs: number = 0
  body: Buffer | undefined
  #moreBody: Buffer[] | undefined
  /** Of a body that is collected or discarded. */
  receivedBytes: number = 0
  /** Set where the body is read while it comes. */
  stream: AnswerStream | undefined
  /** What `judgeHead` came to; `null` before. */
  #headFailure: Failure | undefined | null = null
  #headExpectation: Exchange['expectation']

  done: boolean = false
  /** Why it was stopped. */
  stopReason: Failure | undefined
  #problem: Problem | undefined
  #error: CategorisedError | undefined
  #response: HttpResponse | undefined
  #completion: Promise<void> | undefined
  #complete: (() => void) | undefined

  constructor(
    owner: ExchangeOwner,
    frame: Frame,
    plan: RequestPlan,
    path: string,
    content: RequestContent | undefined,
    options: ExchangeOptions,
  ) {
    this.owner = owner
    this.frame = frame
    this.plan = plan
    this.path = path
    this.content = content
    const { timeouts } = options
    this.timeoutMs = shortestOf(timeouts)
    this.#totalTimeoutMs = timeouts.totalMs
    this.redirect = options.redirect
    this.maxResponseBytes = options.maxResponseBytes
    this.missingBody = options.discardBody ? 'discarded' : undefined
    this.madeTraceId =
      options.traceparent && (content === undefined || !hasTraceparent(content.headers)) ? newTraceId() : undefined
    this.name = options.name
    this.tags = options.tags
    this.retry = options.retry
    this.startedAt = now()
    this.deadlineAt = this.startedAt + timeouts.totalMs
    if (timeouts.headersMs !== undefined || timeouts.bodyMs !== undefined) {
      this.#deadlines = new PhaseDeadlines(timeouts, this.deadlineAt)
      this.deadlineAt = this.#deadlines.started(this.startedAt)
    }
  }

  get method(): string {
    return this.plan.method
  }

  /** What the request is called in reports. */
  get label(): string {
    return this.name ?? this.plan.name
  }

  get url(): string {
    return this.plan.origin + this.path
  }

  /** By which tracing systems find the request (W3C Trace Context). */
  get traceId(): string | undefined {
    return this.madeTraceId ?? (this.content === undefined ? undefined : traceIdOf(this.content.headers))
  }

  /** Resolves when the exchange is done; never rejects. */
  completion(): Promise<void> {
    return (this.#completion ??= new Promise((resolve) => {
      if (this.done) resolve()
      else this.#complete = resolve
    }))
  }

  expire(): void {
    this.stop(this.#deadlines?.failure() ?? timeoutFailure(this.#totalTimeoutMs))
  }

  abort(): void {
    this.stop(abortedFailure)
  }

  stop(reason: Failure): void {
    if (this.done || this.stopReason !== undefined) return
    this.stopReason = reason
    this.carrier?.abort(this)
  }

  /** The request that a redirect asks for starts. */
  restart(): void {
    this.startedAt = now()
    if (this.#deadlines !== undefined) this.deadlineAt = this.#deadlines.started(this.startedAt)
  }

  /** Its time stood still. */
  postponeDeadline(byMs: number): void {
    this.deadlineAt += byMs
    this.#deadlines?.postpone(byMs)
  }

  /** When no time is left for another attempt. */
  get totalDeadlineAt(): number {
    return this.#deadlines?.totalAt ?? this.deadlineAt
  }

  /** The headers of its answer, or more of the body, have come; or its reader lets it wait, or come again. */
  heard(): void {
    if (this.#deadlines === undefined) return
    this.deadlineAt = this.stream?.isPaused === true ? this.#deadlines.halted() : this.#deadlines.received(now())
  }

  addToBody(chunk: Buffer): void {
    this.heard()
    if (this.stream?.hasBegun === true) {
      this.stream.take(chunk)
      return
    }
    this.receivedBytes += chunk.length
    if (this.receivedBytes > this.maxResponseBytes) {
      this.#moreBody = undefined
      this.stop(tooLargeFailure(this.maxResponseBytes))
      return
    }
    if (this.missingBody !== undefined) {
      this.body ??= prefixOf(chunk)
      return
    }
    if (this.body === undefined) this.body = chunk
    else (this.#moreBody ??= []).push(chunk)
  }

  /**
   * Completes the body of an answer.
   *
   * @returns the failure when it cannot be decompressed.
   */
  finishBody(): Failure | undefined {
    if (this.missingBody !== undefined) return undefined
    if (this.#moreBody !== undefined) {
      this.body = joinChunks(this.body, this.#moreBody)
      this.#moreBody = undefined
    }
    const encoding = this.headers['content-encoding']
    if (encoding === undefined || this.body === undefined) return undefined
    try {
      this.body = decodeBody(this.body, encoding, this.maxResponseBytes)
      return undefined
    } catch (thrown) {
      return decodingFailure(thrown, this.maxResponseBytes)
    }
  }

  /** What has come of the body, for a reader who takes the rest as it comes. */
  takeBody(): Buffer[] {
    const pieces = this.body === undefined ? [] : [this.body, ...(this.#moreBody ?? [])]
    this.body = undefined
    this.#moreBody = undefined
    this.missingBody = 'read'
    return pieces
  }

  /** The answer for who reads its body. */
  answer(): TimedAnswer {
    return this.missingBody === undefined ? this : answerWithoutBody(this, this.missingBody)
  }

  /** What the error table shows of it: of one that was not kept the beginning, unless it is compressed. */
  shownBody(): Buffer {
    const isUnreadable = this.missingBody !== undefined && this.headers['content-encoding'] !== undefined
    return joinChunks(isUnreadable ? undefined : this.body, undefined)
  }

  /** Keeps a redirect that is followed. */
  remember(url: string): void {
    const { status, headers, durationUs } = this
    const location = String(headers['location'])
    ;(this.#followed ??= []).push({ status, url, location, headers, durationMs: durationUs / 1000 })
  }

  /** Forgets the answer to a request that was redirected. */
  forgetAnswer(): void {
    this.body = undefined
    this.#moreBody = undefined
    this.receivedBytes = 0
    this.headers = noHeaders
    this.status = 0
    this.overHttp2 = false
  }

  /** Forgets a failed attempt, of which the answer is forgotten: another one follows. */
  beginAttempt(): void {
    this.attempts += 1
    this.restart()
    this.stopReason = undefined
    this.#problem = undefined
    this.#response = undefined
    this.#headFailure = null
  }

  /**
   * Judges the answer: a status of 400 or more is a failure unless `.expect()` wants it.
   *
   * @returns the failure, or `undefined`. One that `.expect()` finds also becomes the exchange's problem.
   */
  judge(): Failure | undefined {
    if (this.#headFailure !== null && this.#headExpectation === this.expectation) return this.#headFailure
    return this.#judge(false)
  }

  #judge(isHead: boolean): Failure | undefined {
    const { expectation, status } = this
    if (expectation === undefined) return status >= 400 ? statusFailure(status) : undefined
    if (expectation === status) return undefined
    const problem = problemOfAnswer(this, expectation, () => (isHead ? headOf(this) : this.answer()))
    if (problem !== undefined) this.#problem = problem
    return problem?.failure
  }

  /** Judges an answer whose body is read while it comes: by its status and headers. */
  judgeHead(): Failure | undefined {
    this.#headFailure = this.#judge(true)
    this.#headExpectation = this.expectation
    this.#response = undefined
    return this.#headFailure
  }

  /** Whether `.expect()` has refused the answer. */
  get isRefused(): boolean {
    return this.#problem !== undefined
  }

  /** Applies an expectation that came after the answer: it can reject, but the request has been recorded. */
  judgeLate(): void {
    if (this.#problem === undefined) this.judge()
  }

  fail(problem: Problem): void {
    this.#problem = problem
  }

  /** Ends the exchange and tells who waits. */
  settle(): void {
    this.done = true
    this.carrier = undefined
    if (this.content !== undefined && this.content.body instanceof StreamedBody) this.content.body.close()
    this.owner.settled(this)
    this.stream?.end()
    this.#complete?.()
  }

  /** @throws the error of an exchange that failed. */
  check(): void {
    if (this.#problem !== undefined) throw (this.#error ??= toError(this.label, this.#problem))
  }

  secrets(): Iterable<string> {
    return this.owner.session.secrets()
  }

  response(): HttpResponse {
    return (this.#response ??= new HttpResponse(this.#parts()))
  }

  #parts(): ResponseParts {
    const parts: ResponseParts = {
      label: this.label,
      status: this.status,
      headers: this.headers,
      httpVersion: this.overHttp2 ? '2' : '1.1',
      url: this.url,
      body: joinChunks(this.body, undefined),
      phasesUs: this.phasesUs,
      durationUs: this.durationUs,
      redirects: this.#followed ?? noRedirects,
      traceId: this.traceId,
      shownBody: () => this.shownBody(),
      secrets: () => this.secrets(),
    }
    return this.missingBody === undefined ? parts : answerWithoutBody(parts, this.missingBody)
  }
}
