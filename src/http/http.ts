import { clientOf } from '../protocols/contract.ts'
import { requireFrame } from '../session/current.ts'
import { all, type AllOptions, type RequestTasks, type TaskResults } from './all.ts'
import { httpCookies, type HttpCookies } from './cookies.ts'
import { httpClientSlot, httpProtocol } from './http-client.ts'
import { PendingRequest } from './pending-request.ts'
import type { RequestArguments, UntypedRequestOptions } from './request-options.ts'

/** A function that sends requests of one method. */
export type HttpMethod = <const Url extends string | URL>(url: Url, ...options: RequestArguments<Url>) => PendingRequest

/** Sends requests, one function for each method. */
export interface Http {
  readonly get: HttpMethod
  readonly post: HttpMethod
  readonly put: HttpMethod
  readonly patch: HttpMethod
  readonly delete: HttpMethod
  readonly head: HttpMethod
  readonly options: HttpMethod
  /** Sends a request of any method but CONNECT. */
  readonly request: <const Url extends string | URL>(
    name: string,
    url: Url,
    ...options: RequestArguments<Url>
  ) => PendingRequest
  /**
   * Makes several requests at once, no more than `parallel` at a time, and gives what each came to. They are functions,
   * for a request starts when it is made. The first that throws ends it: no further one is made, those under way are
   * awaited, and then it throws what that one threw.
   *
   * @example
   * ```ts
   * const { cart, products } = await http.all({
   *   cart: () => http.get('/cart').expect(200).json(Cart),
   *   products: () => http.get('/products').expect(200).json(Product.array()),
   * })
   * const pages = await http.all(ids.map((id) => () => http.get('/products/:id', { params: { id } })), { parallel: 2 })
   * ```
   *
   * @throws {LoadError} `ERR_LOAD_OPTIONS` for what are no functions.
   */
  readonly all: <const Tasks extends RequestTasks>(tasks: Tasks, options?: AllOptions) => Promise<TaskResults<Tasks>>
  /** The cookies of the running virtual user. */
  readonly cookies: HttpCookies
}

function send(
  caller: string,
  method: string,
  url: string | URL,
  options: UntypedRequestOptions | undefined,
): PendingRequest {
  const frame = requireFrame(caller)
  const client = clientOf(frame.session, httpProtocol, httpClientSlot)
  return new PendingRequest(client.request(frame, method, url, options))
}

/**
 * Makes the function of one method. The rest parameter of `HttpMethod` is for its types only: an array for each
 * request would be a cost.
 */
function createMethod(name: string): HttpMethod {
  const caller = `http.${name.toLowerCase()}()`
  const call = (url: string | URL, options?: UntypedRequestOptions): PendingRequest => send(caller, name, url, options)
  return call
}

function request(name: string, url: string | URL, options?: UntypedRequestOptions): PendingRequest {
  // What is no text is refused where all else is.
  const method = typeof name === 'string' ? name.toUpperCase() : name
  return send('http.request()', method, url, options)
}

/**
 * HTTP requests of the running virtual user, or test: over its own keep-alive connections, with its cookies.
 *
 * A request starts when the function is called and gives a `PendingRequest`. Relative URLs are appended to the
 * project's `baseUrl`; a `:name` segment takes its value from `params`. In reports a request is called
 * `METHOD /path/:id`, without its query, and with what looks like an id replaced.
 *
 * @example
 * ```ts
 * const order = await http.get('/orders/:id', { params: { id }, bearer: token }).expect(200).json(Order)
 * ```
 *
 * A request that cannot be sent as it is written counts as a failed one, of category `script`.
 *
 * @throws {LoadError} at once `ERR_LOAD_CONTEXT` outside of a scenario or test. On await, for a request that cannot be
 * sent as it is written: `ERR_LOAD_URL`, `ERR_LOAD_TARGET` for an origin that is not allowed, `ERR_LOAD_REQUEST` for
 * options that cannot be used, of which it lists all.
 */
export const http: Http = {
  get: createMethod('GET'),
  post: createMethod('POST'),
  put: createMethod('PUT'),
  patch: createMethod('PATCH'),
  delete: createMethod('DELETE'),
  head: createMethod('HEAD'),
  options: createMethod('OPTIONS'),
  request,
  all,
  cookies: httpCookies,
}
