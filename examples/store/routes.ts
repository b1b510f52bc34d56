import type { Hono } from 'hono'
import type { RequestCounts } from './request-counts.ts'
import { type Handler, noContent, problem, type Routes } from './respond.ts'

// HEAD is not among them: Hono answers it as GET without the body.
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/**
 * Adds `routes` to `app`, and to each path what HTTP expects of it besides: OPTIONS, and 405 with `allow` for the other
 * methods. So every request has exactly one handler: Hono then calls it without a chain of promises.
 */
export function mount(app: Hono, counts: RequestCounts, routes: Routes): void {
  for (const [path, handlers] of byPath(routes)) {
    const headers = { allow: allowOf(handlers) }
    const options = (): Response => noContent(headers)
    const notAllowed = (): Response => problem(405, `${path} allows ${headers.allow}`, undefined, headers)
    for (const method of methods) {
      const handler = handlers.get(method) ?? (method === 'OPTIONS' ? options : undefined)
      app.on(method, path, handler ? counted(`${method} ${path}`, handler, counts) : counted('*', notAllowed, counts))
    }
  }
  app.notFound(counted('*', () => problem(404, 'There is no such route'), counts))
  app.onError((error) => {
    console.error(error)
    counts.add('*', 500)
    return problem(500, 'The store has a bug')
  })
}

function byPath(routes: Routes): Map<string, Map<string, Handler>> {
  const paths = new Map<string, Map<string, Handler>>()
  for (const [name, handler] of Object.entries(routes)) {
    const [method = '', path = ''] = name.split(' ')
    const handlers = paths.get(path) ?? new Map<string, Handler>()
    paths.set(path, handlers.set(method, handler))
  }
  return paths
}

function allowOf(handlers: ReadonlyMap<string, Handler>): string {
  const own = [...handlers.keys()].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method))
  return [...own, 'OPTIONS'].join(', ')
}

// Not a middleware: those make every answer asynchronous and cost more than the routes do.
function counted(name: string, handler: Handler, counts: RequestCounts): Handler {
  const count = (response: Response): Response => {
    counts.add(name, response.status)
    return response
  }
  return (context) => {
    const response = handler(context)
    return response instanceof Promise ? response.then(count) : count(response)
  }
}
