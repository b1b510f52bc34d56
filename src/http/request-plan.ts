import { LoadError } from '../shared/errors.ts'
import type { Recorder } from '../protocols/contract.ts'
import type { Series } from '../metrics/series.ts'
import type { HttpConfig } from './config.ts'
import { parseTemplate, type PathTemplate } from './path-params.ts'
import { isToken } from './request-checks.ts'
import { pathWithoutIds } from './request-name.ts'
import { shown } from './request-problems.ts'
import { isAllowedTarget, targetError } from './targets.ts'

const maxCachedPlans = 1000
const absolute = /^[a-z][a-z\d+.-]*:/i

/** All that follows from a method and a URL as they were written: worked out once, used for every such request. */
export interface RequestPlan {
  readonly method: string
  readonly origin: string
  /** Path and query as sent; of a template, the path with its places unfilled. */
  readonly path: string
  readonly template: PathTemplate | undefined
  /** Query of a template's URL, with its question mark. */
  readonly templateSearch: string
  /** `METHOD /path/:id`, with the origin in between when that is not the base URL's. */
  readonly name: string
  /** The series of `name`, kept from the last recording: `seriesOf` checks that it still fits. */
  series: Series | undefined
  seriesRecorder: Recorder | undefined
  seriesHook: boolean
  seriesWarmup: boolean
}

/** Stands in for the plan of a request whose method or URL cannot be used, and is therefore not in its name. */
export function unsentPlan(method: unknown): RequestPlan {
  const known = typeof method === 'string' && isToken(method) ? method : 'request'
  return createPlan(known, '', '', `${known} (not sent)`)
}

function createPlan(method: string, origin: string, path: string, name: string): RequestPlan {
  return {
    method,
    origin,
    path,
    template: undefined,
    templateSearch: '',
    name,
    series: undefined,
    seriesRecorder: undefined,
    seriesHook: false,
    seriesWarmup: false,
  }
}

/** The plans of one configuration. Bounded: what does not fit is worked out again for each request. */
export class RequestPlans {
  readonly #config: HttpConfig
  readonly #base: URL | undefined
  /** The base URL's path without a slash at its end. */
  readonly #basePath: string
  readonly #byMethod: Map<string, Map<string, RequestPlan>> = new Map()
  #size: number = 0

  constructor(config: HttpConfig) {
    this.#config = config
    this.#base = config.baseUrl === undefined ? undefined : parseUrl(config.baseUrl, 'baseUrl')
    this.#basePath = this.#base?.pathname.replace(/\/+$/, '') ?? ''
  }

  /**
   * @throws {LoadError} `ERR_LOAD_URL` for what is no URL, or a relative one without a base URL.
   * @throws {LoadError} `ERR_LOAD_TARGET` for an origin that may not be contacted.
   * @throws {LoadError} `ERR_LOAD_REQUEST` for what is no method.
   */
  find(method: string, url: string | URL): RequestPlan {
    const text = typeof url === 'string' ? url : textOf(url)
    const known = this.#byMethod.get(method)?.get(text)
    if (known !== undefined) return known
    checkMethod(method)
    const plan = this.#create(method, this.#resolve(text))
    if (this.#size < maxCachedPlans) this.#keep(text, plan)
    return plan
  }

  /** The plan for where a redirect leads: nothing in it is a place to fill, and it is not kept. */
  findExact(method: string, url: URL): RequestPlan {
    return { ...this.#create(method, url), template: undefined }
  }

  #keep(url: string, plan: RequestPlan): void {
    let plans = this.#byMethod.get(plan.method)
    if (plans === undefined) this.#byMethod.set(plan.method, (plans = new Map<string, RequestPlan>()))
    plans.set(url, plan)
    this.#size += 1
  }

  #create(method: string, url: URL): RequestPlan {
    const isBase = url.origin === this.#base?.origin
    const name = `${method} ${isBase ? '' : url.origin}${pathWithoutIds(this.#withoutBase(url, isBase))}`
    if (!isAllowedTarget(url, this.#config)) throw targetError(url.origin, `${method} request to`)
    const plan = createPlan(method, url.origin, url.pathname + url.search, name)
    return { ...plan, template: parseTemplate(url.pathname), templateSearch: url.search }
  }

  /** Names read like the URLs that were written, which are relative to the base URL's path. */
  #withoutBase(url: URL, isBase: boolean): string {
    const prefixed = isBase && this.#basePath !== '' && url.pathname.startsWith(`${this.#basePath}/`)
    return prefixed ? url.pathname.slice(this.#basePath.length) : url.pathname
  }

  #resolve(url: string): URL {
    if (url === '') throw noUrl(url)
    if (absolute.test(url)) return parseUrl(url, 'request')
    if (this.#base === undefined) {
      throw new LoadError(
        'ERR_LOAD_URL',
        `A relative URL needs a base URL, and there is none: '${url.split(/[?#]/, 1)[0]}'. ` +
          'Set baseUrl in loadProject() or functionalProject(), or LOAD_BASE_URL.',
      )
    }
    if (url.startsWith('//')) return parseUrl(this.#base.protocol + url, 'request')
    return parseUrl(`${this.#base.origin}${this.#basePath}${url.startsWith('/') ? '' : '/'}${url}`, 'request')
  }
}

/** An object is taken for a URL by its `href`, because other realms have a `URL` of their own. */
function textOf(url: URL): string {
  const href: unknown = (url as URL | undefined | null)?.href
  if (typeof href !== 'string') throw noUrl(url)
  return href
}

function noUrl(received: unknown): LoadError {
  return new LoadError(
    'ERR_LOAD_URL',
    `A request has no URL: received ${received === '' ? "''" : shown(received)}. Write a path such as '/', or an absolute URL.`,
  )
}

function checkMethod(method: unknown): void {
  if (typeof method === 'string' && isToken(method) && method !== 'CONNECT') return
  throw new LoadError(
    'ERR_LOAD_REQUEST',
    method === 'CONNECT'
      ? 'CONNECT cannot be sent: it opens a tunnel. Use another method.'
      : `Not a method of HTTP: ${shown(method)}. Write a word such as 'GET' as the first argument of http.request().`,
  )
}

function parseUrl(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new LoadError(
      'ERR_LOAD_URL',
      `Not an http or https URL (${what}): '${withoutSecrets(text)}'. Write a path or an absolute URL.`,
    )
  }
  if (url.username !== '' || url.password !== '') {
    throw new LoadError(
      'ERR_LOAD_URL',
      `The URL of ${url.origin} (${what}) carries credentials. Pass them as the request option basic.`,
    )
  }
  return url
}

function withoutSecrets(url: string): string {
  return (url.split(/[?#]/, 1)[0] ?? '').replace(/^(?:[a-z][a-z\d+.-]*:\/\/)?.*@/i, '…@')
}

const plansByConfig = new WeakMap<HttpConfig, RequestPlans>()

/** The plans that all sessions with this configuration share. */
export function plansOf(config: HttpConfig): RequestPlans {
  let plans = plansByConfig.get(config)
  if (plans === undefined) plansByConfig.set(config, (plans = new RequestPlans(config)))
  return plans
}
