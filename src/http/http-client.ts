import { setImmediate } from 'node:timers'
import type { Failure } from '../metrics/error-table.ts'
import { outcomes, type Series } from '../metrics/series.ts'
import { recorderSlot, throttleSlot, type Observation, type Protocol, type Recorder } from '../protocols/contract.ts'
import type { Frame } from '../session/current.ts'
import type { Session } from '../session/session.ts'
import { defineSlot, type Slot } from '../session/slot.ts'
import { turnAway } from '../session/turn-away.ts'
import { abortListeners } from '../shared/abort-listeners.ts'
import { LoadError } from '../shared/errors.ts'
import { printable } from '../shared/text.ts'
import { defaultHttpConfig, httpConfigSlot, type HttpConfig } from './config.ts'
import { exemplarLater } from './exemplar.ts'
import { Exchange, type ExchangeOwner } from './exchange.ts'
import { defaultOptionsOf, optionsOf, type ExchangeOptions } from './exchange-options.ts'
import { inFlight } from './in-flight.ts'
import { proxySecrets } from './forwarding.ts'
import type { ConnectionPool } from './connection-pool.ts'
import { ConnectionPools } from './connection-pools.ts'
import { HeldExchanges } from './held-exchanges.ts'
import { fillTemplate, refuseParams } from './path-params.ts'
import { defaultHeadersOf, type DefaultHeaders } from './default-headers.ts'
import { copyPhases, httpPhases, phase } from './phases.ts'
import { abortedFailure, longestMessage, refusalOf, toldCause, type Problem } from './problem.ts'
import { isRedirect, nextRequest, type NextRequest } from './redirect.ts'
import { checkNames, isName, isRecord } from './request-checks.ts'
import { createContent, plainContent, sentHeaders, withQuery, type RequestContent } from './request-content.ts'
import type { UntypedRequestOptions } from './request-options.ts'
import { releaseSources } from './request-body.ts'
import { outcomeOf, problemOf, unsendable } from './request-failures.ts'
import { readProblems } from './request-problems.ts'
import { plansOf, unsentPlan, type RequestPlan, type RequestPlans } from './request-plan.ts'
import { RetryWaits } from './retries.ts'
import { ofCookie, ofHeader, SentSecrets } from './sent-secrets.ts'
import { tellEnd, tellSent } from './tell-trace.ts'
import type { HttpTrace } from './trace.ts'
import { TransportError } from './transport.ts'
import { now } from '../shared/now.ts'

/** The HTTP client of one virtual user. */
export class HttpClient implements ExchangeOwner {
  readonly session: Session
  readonly recorder: Recorder

  readonly #config: HttpConfig
  readonly #plans: RequestPlans
  readonly #pools: ConnectionPools
  /** The pool used last: a virtual user mostly talks to one origin. */
  #pool: ConnectionPool | undefined
  #poolOrigin: string | undefined
  readonly #defaultOptions: ExchangeOptions
  readonly #defaultHeaders: DefaultHeaders
  /** What a request without options sends. */
  readonly #plainContent: RequestContent
  readonly #sent: SentSecrets = new SentSecrets()
  /** Only where the load is throttled. */
  readonly #held: HeldExchanges | undefined
  /** Only where a request has been made again. */
  #retries: RetryWaits | undefined
  readonly #abort: () => void = () => this.abortInFlight()

  constructor(session: Session) {
    const recorder = session.get(recorderSlot)
    if (recorder === undefined) {
      throw new LoadError(
        'ERR_LOAD_CONTEXT',
        'An HTTP request was made after its virtual user had ended. Await every request within the scenario or test.',
      )
    }
    this.session = session
    this.recorder = recorder
    this.#config = session.get(httpConfigSlot) ?? defaultHttpConfig
    this.#pools = ConnectionPools.open(this.#config, recorder)
    this.#plans = plansOf(this.#config)
    this.#defaultHeaders = defaultHeadersOf(this.#config)
    this.#plainContent = plainContent(this.#defaultHeaders)
    this.#defaultOptions = defaultOptionsOf(this.#config, this.#plainContent)
    const throttle = session.get(throttleSlot)
    this.#held = throttle && new HeldExchanges(throttle, this)
    abortListeners(session.signal).add(this.#abort)
    session.onSecrets(() => this.#secrets())
  }

  /**
   * Starts a request. What cannot be sent as it is written is a failed request, of category `script`. Like one that
   * comes after the end of the load it fails after a turn of the event loop: a body that tries again and again would
   * not let it turn, and so never end.
   */
  request(frame: Frame, method: string, url: string | URL, options: UntypedRequestOptions | undefined): Exchange {
    let plan: RequestPlan | undefined
    let exchange: Exchange
    let refusal: Problem | undefined
    try {
      plan = this.#plans.find(method, url)
      exchange = options === undefined ? this.#plain(frame, plan) : this.#withOptions(frame, plan, options)
    } catch (thrown) {
      const problems = readProblems(options, plan === undefined ? null : plan.template)
      // A getter that throws would do so again wherever the options are looked at.
      if (problems === undefined) options = undefined
      exchange = this.#unsent(frame, plan ?? unsentPlan(method), options)
      refusal = refusalOf(thrown, exchange.label, problems ?? [])
    }
    if (this.session.closed || (this.session.signal.aborted && !frame.scope.hook)) {
      exchange.fail({ code: 'ERR_LOAD_ABORTED', failure: abortedFailure, counted: false, cause: undefined })
      void turnAway(this.session).then(() => exchange.settle())
      return exchange
    }
    if (refusal === undefined) this.#sent.keep(exchange.path, options, exchange.content?.body)
    else this.#refused(options)
    if (this.#held !== undefined && refusal === undefined && !this.#held.takeTurn(exchange)) {
      this.#held.hold(exchange)
      return exchange
    }
    this.recorder.started(frame)
    if (refusal === undefined) {
      inFlight.add(exchange)
      this.#poolFor(exchange.plan.origin).send(exchange)
    } else {
      this.#refuseLater(exchange, refusal)
    }
    return exchange
  }

  #refused(options: unknown): void {
    this.#sent.keepRefused(options)
    releaseSources(options)
  }

  get trace(): HttpTrace | undefined {
    return this.#config.trace
  }

  headersFor(exchange: Exchange): string[] {
    const headers = this.#headersOf(exchange)
    const { trace } = this.#config
    if (trace !== undefined) tellSent(trace, exchange, headers)
    return headers
  }

  #headersOf(exchange: Exchange): string[] {
    const { content, plan } = exchange
    const jar = this.session.cookies.headerFor(plan.origin, exchange.path)
    return sentHeaders(content ?? this.#plainContent, jar, exchange.madeTraceId)
  }

  ended(exchange: Exchange, observation: Observation, transportFailure: Failure | undefined, cause: unknown): void {
    let failure = transportFailure
    let next: NextRequest | undefined
    if (failure === undefined) {
      if (exchange.stream?.hasBegun !== true) this.storeCookies(exchange)
      exchange.phasesUs = copyPhases(observation.phasesUs)
      exchange.durationUs = observation.durationUs
      if (exchange.redirect !== 'manual' && isRedirect(exchange)) {
        const followed = nextRequest(exchange, this.#plans, this.#plainContent)
        if ('plan' in followed) next = followed
        else failure = this.#fail(exchange, followed)
      } else {
        failure = this.#judge(exchange)
      }
    } else {
      failure = this.#fail(exchange, this.#problemOf(exchange, failure, cause))
    }
    // Announced before the redirected request is recorded, so that the iteration never looks idle in between.
    if (next !== undefined) this.#announce(exchange)
    const isRetried = failure !== undefined && exchange.retry !== undefined && this.#retryLater(exchange, failure)
    this.#record(exchange, observation, failure, isRetried)
    if (isRetried) exchange.forgetAnswer()
    else if (next === undefined) exchange.settle()
    else this.#follow(exchange, next)
  }

  storeCookies({ headers, plan, path }: Exchange): void {
    const setCookie = headers['set-cookie']
    if (setCookie === undefined || !this.session.keepsCookies) return
    const { cookies } = this.session
    const before = cookies.rejected
    cookies.store(setCookie, plan.origin, path)
    if (cookies.rejected > before) this.recorder.cookiesRejected(cookies.rejected - before)
  }

  /** Its turn under the load's throttle has come. */
  released(exchange: Exchange): void {
    this.recorder.started(exchange.frame)
    inFlight.add(exchange)
    this.#poolFor(exchange.plan.origin).send(exchange)
  }

  endedHeld(exchange: Exchange): void {
    exchange.fail({ code: 'ERR_LOAD_ABORTED', failure: abortedFailure, counted: false, cause: undefined })
    exchange.settle()
  }

  /** Its wait for another attempt is over. */
  again(exchange: Exchange): void {
    exchange.beginAttempt()
    this.recorder.retried(exchange.frame)
    if (this.#held === undefined || this.#held.takeTurn(exchange)) this.released(exchange)
    else this.#held.hold(exchange)
  }

  endedWaiting(exchange: Exchange): void {
    this.endedHeld(exchange)
  }

  endedInQueue(exchange: Exchange): void {
    this.#endUnsent(exchange, problemOf(exchange.stopReason ?? abortedFailure, undefined))
  }

  settled(exchange: Exchange): void {
    inFlight.remove(exchange)
  }

  /** Ends every request in flight: they count as aborted. */
  abortInFlight(): void {
    this.#held?.abortAll()
    this.#retries?.abortAll()
    this.#pools.abortAll(this)
  }

  /** Ends what is in flight and closes all connections of its own. Resolves when their last bytes have been counted. */
  async close(): Promise<void> {
    abortListeners(this.session.signal).delete(this.#abort)
    this.abortInFlight()
    await this.#pools.leave()
  }

  /** Apart from its caller, because a closure would cost every request that has none. */
  #refuseLater(exchange: Exchange, refusal: Problem): void {
    setImmediate(() => this.#endUnsent(exchange, refusal))
  }

  #endUnsent(exchange: Exchange, problem: Problem): void {
    const elapsedUs = (now() - exchange.startedAt) * 1000
    const phasesUs = new Float64Array(httpPhases.length).fill(-1)
    phasesUs[phase.blocked] = elapsedUs
    const failure = this.#fail(exchange, problem)
    const observation: Observation = {
      series: this.#seriesOf(exchange),
      durationUs: elapsedUs,
      serviceUs: -1,
      outcome: outcomes.failed,
      labels: exchange,
      failure,
      excerpt: undefined,
      phasesUs,
      isRetried: false,
    }
    // It may have waited for a connection that has not come about.
    const isRetried = exchange.retry !== undefined && this.#retryLater(exchange, failure)
    this.#record(exchange, observation, failure, isRetried)
    if (!isRetried) exchange.settle()
  }

  *#secrets(): Iterable<string> {
    yield* this.#sent.secrets()
    yield* proxySecrets(this.#config)
    for (const [name, value] of Object.entries(this.#config.headers)) yield* ofHeader(name, value)
    for (const [name, value] of this.session.cookies.all()) yield* ofCookie(name, value)
  }

  #plain(frame: Frame, plan: RequestPlan): Exchange {
    const path = plan.template === undefined ? plan.path : fillTemplate(plan.template, undefined)
    return new Exchange(this, frame, plan, path, undefined, this.#defaultOptions)
  }

  #withOptions(frame: Frame, plan: RequestPlan, options: UntypedRequestOptions): Exchange {
    checkNames(options)
    let path = plan.path
    if (plan.template === undefined) refuseParams(options.params)
    else path = fillTemplate(plan.template, options.params) + plan.templateSearch
    if (options.query !== undefined) path = withQuery(path, options.query)
    const content = createContent(options, this.#defaultHeaders)
    const special =
      options.timeout !== undefined ||
      options.redirect !== undefined ||
      options.maxResponseBytes !== undefined ||
      options.discardBody !== undefined ||
      options.traceparent !== undefined ||
      options.name !== undefined ||
      options.tags !== undefined ||
      options.retry !== undefined
    return new Exchange(
      this,
      frame,
      plan,
      path,
      content,
      special ? optionsOf(options, this.#defaultOptions, this.#config) : this.#defaultOptions,
    )
  }

  /** For a request that cannot be sent. */
  #unsent(frame: Frame, plan: RequestPlan, options: unknown): Exchange {
    const given = isRecord(options) ? options['name'] : undefined
    const name = isName(given) ? given : undefined
    return new Exchange(this, frame, plan, plan.path, undefined, { ...this.#defaultOptions, name })
  }

  #poolFor(origin: string): ConnectionPool {
    if (origin === this.#poolOrigin && this.#pool !== undefined) return this.#pool
    this.#pool = this.#pools.poolFor(origin)
    this.#poolOrigin = origin
    return this.#pool
  }

  #judge(exchange: Exchange): Failure | undefined {
    const broken = exchange.finishBody()
    return broken === undefined ? exchange.judge() : this.#fail(exchange, problemOf(broken, undefined))
  }

  #fail(exchange: Exchange, problem: Problem): Failure {
    exchange.fail(problem)
    return problem.failure
  }

  #problemOf(exchange: Exchange, failure: Failure, cause: unknown): Problem {
    // Unlike undici's, its text was written by somebody else: it may hold what the request has sent.
    if (cause instanceof TransportError) {
      const message = printable(failure.message, longestMessage, this.session.secrets()).replace(/\.$/, '')
      return problemOf({ ...failure, message }, toldCause(cause.cause, this.session.secrets()))
    }
    return failure.category === 'script' ? unsendable(exchange, failure, cause) : problemOf(failure, cause)
  }

  /** The request that a redirect asks for starts, or waits for its turn. */
  #announce(exchange: Exchange): void {
    if (this.#held === undefined || this.#held.takeTurn(exchange)) {
      this.recorder.started(exchange.frame)
      return
    }
    // Its timeout stands still meanwhile.
    inFlight.remove(exchange)
    this.#held.hold(exchange)
  }

  #follow(exchange: Exchange, next: NextRequest): void {
    exchange.remember(exchange.url)
    exchange.plan = next.plan
    exchange.path = next.path
    exchange.content = next.content
    exchange.name = undefined
    exchange.redirects += 1
    exchange.restart()
    exchange.forgetAnswer()
    if (this.#held?.has(exchange) !== true) this.#poolFor(next.plan.origin).send(exchange)
  }

  /** Has a failed request made again, if it is to be. Returns whether it is. */
  #retryLater(exchange: Exchange, failure: Failure): boolean {
    this.#retries ??= new RetryWaits(this)
    const delayMs = this.#retries.delayMs(exchange, failure)
    if (delayMs === undefined) return false
    // What waits is no request in flight, and ends before its timeout.
    inFlight.remove(exchange)
    this.#retries.wait(exchange, delayMs)
    return true
  }

  #record(exchange: Exchange, observation: Observation, failure: Failure | undefined, isRetried: boolean): void {
    observation.series = this.#seriesOf(exchange)
    observation.labels = exchange
    observation.failure = failure
    observation.outcome = failure === undefined ? outcomes.ok : outcomeOf(failure)
    observation.excerpt = failure === undefined ? undefined : exemplarLater(exchange)
    observation.traceId = failure === undefined ? undefined : exchange.traceId
    observation.isRetried = isRetried
    const { trace } = this.#config
    if (trace !== undefined) tellEnd(trace, exchange, observation)
    this.recorder.record(exchange.frame, observation)
  }

  #seriesOf(exchange: Exchange): Series {
    const { plan, frame } = exchange
    const { recorder } = this
    if (exchange.name !== undefined) return recorder.series(frame, exchange.name, httpPhases)
    const { hook, warmup } = frame.scope
    const isKept = plan.seriesRecorder === recorder && plan.seriesHook === hook && plan.seriesWarmup === warmup
    if (plan.series !== undefined && isKept) return plan.series
    plan.series = recorder.series(frame, plan.name, httpPhases)
    plan.seriesRecorder = recorder
    plan.seriesHook = hook
    plan.seriesWarmup = warmup
    return plan.series
  }
}

/** HTTP as a protocol of a session. */
export const httpProtocol: Protocol<HttpClient> = {
  name: 'http',
  phases: httpPhases,
  connect: (session) => new HttpClient(session),
  close: (client) => client.close(),
}

/** The HTTP client of a session. */
export const httpClientSlot: Slot<HttpClient> = defineSlot<HttpClient>('http client')
