import type { Failure } from '../metrics/error-table.ts'
import { LoadError } from '../shared/errors.ts'
import type { Exchange } from './exchange.ts'
import type { Problem } from './problem.ts'
import { redirectContent, type RequestContent } from './request-content.ts'
import type { RequestPlan, RequestPlans } from './request-plan.ts'
import { StreamedBody } from './streamed-body.ts'

const maxRedirects = 10

/** The request that a redirect asks for. */
export interface NextRequest {
  readonly plan: RequestPlan
  readonly path: string
  readonly content: RequestContent | undefined
}

/** Whether a status, with this answer's headers, asks for another request. */
export function isRedirect(exchange: Exchange): boolean {
  const { status } = exchange
  const redirects = status === 301 || status === 302 || status === 303 || status === 307 || status === 308
  return redirects && exchange.headers['location'] !== undefined
}

/**
 * What to request next, or why not (RFC 9110, 15.4; methods and limits as in the Fetch standard). `plain` is the content of
 * a request that has none of its own.
 */
export function nextRequest(exchange: Exchange, plans: RequestPlans, plain: RequestContent): NextRequest | Problem {
  if (exchange.redirect === 'error') {
    return problem({
      category: 'unexpected_status',
      message: `redirected (${exchange.status}), which redirect: 'error' forbids`,
    })
  }
  if (exchange.redirects >= maxRedirects) {
    return problem({ category: 'protocol', message: `too many redirects (${maxRedirects})` })
  }
  const { location: given } = exchange.headers
  if (Array.isArray(given)) return problem({ category: 'protocol', message: 'redirected to more than one location' })
  const location = given ?? ''
  const url = URL.canParse(location, exchange.url) ? new URL(location, exchange.url) : undefined
  if (
    url === undefined ||
    (url.protocol !== 'http:' && url.protocol !== 'https:') ||
    url.username !== '' ||
    url.password !== ''
  ) {
    return problem({ category: 'protocol', message: 'redirected to what is not an http or https URL' })
  }
  url.hash = ''
  const method = redirectMethod(exchange.plan.method, exchange.status)
  try {
    const plan = plans.findExact(method, url)
    const sameOrigin = plan.origin === exchange.plan.origin
    const keepsBody = method === exchange.plan.method
    const sent = exchange.content
    if (keepsBody && sent?.body instanceof StreamedBody && !sent.body.isRepeatable) return problem(sentOnce(exchange))
    // Only what stays with the origin makes a difference to a request without content.
    const content = sent === undefined && sameOrigin ? undefined : redirectContent(sent ?? plain, keepsBody, sameOrigin)
    return { plan, path: plan.path, content }
  } catch (thrown) {
    if (!(thrown instanceof LoadError)) throw thrown
    return {
      code: thrown.code,
      failure: {
        category: 'script',
        message: `redirected to ${url.origin}, which may not be contacted; allow it with targets: ['${url.origin}']`,
      },
      counted: true,
      cause: thrown,
    }
  }
}

function sentOnce({ status }: Exchange): Failure {
  return {
    category: 'script',
    message: `redirected (${status}) with a body that can be sent once; give a function that makes the stream`,
  }
}

function redirectMethod(method: string, status: number): string {
  if (status === 303) return method === 'HEAD' ? 'HEAD' : 'GET'
  return (status === 301 || status === 302) && method === 'POST' ? 'GET' : method
}

function problem(failure: Failure): Problem {
  return { code: 'ERR_LOAD_REQUEST', failure, counted: true, cause: undefined }
}
