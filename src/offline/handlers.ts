import type { AnyHandler, RequestHandler } from 'msw'
import { LoadError } from '../shared/errors.ts'
import { showValue } from '../shared/text.ts'

/** The handlers in force: those of an MSW `server` may change while it is used (`server.use()`). */
export type HandlerSource = () => readonly RequestHandler[]

/**
 * Finds the handlers among the exports of a module: `handlers`, an array, or `server`, as MSW's `setupServer()` makes it.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` when there are none, with all that is no handler.
 */
export function handlersOf(module: Readonly<Record<string, unknown>>, path: string): HandlerSource {
  const { handlers, server } = module
  if (isServer(server)) {
    requireHandlers(server.listHandlers(), path)
    return () => requestHandlers(server.listHandlers())
  }
  if (handlers !== undefined) {
    const checked = requireHandlers(handlers, path)
    return () => checked
  }
  const names = Object.keys(module).join(', ')
  throw new LoadError(
    'ERR_LOAD_OPTIONS',
    `Offline handlers: '${path}' exports neither 'handlers' nor 'server'; it exports ${names === '' ? 'nothing' : names}. ` +
      "Export an array of MSW handlers: export const handlers = [http.get('/products', …)].",
  )
}

interface Server {
  listHandlers(): readonly unknown[]
}

function isServer(value: unknown): value is Server {
  return typeof value === 'object' && value !== null && 'listHandlers' in value
}

function requireHandlers(handlers: unknown, path: string): readonly RequestHandler[] {
  const problems = Array.isArray(handlers)
    ? handlers.flatMap((handler: unknown, index) =>
        isHandler(handler) ? [] : [`handlers[${index}]: expected a handler of msw 3; received ${showValue(handler)}`],
      )
    : [`handlers: expected an array of handlers of msw 3; received ${showValue(handlers)}`]
  if (problems.length > 0) {
    const listed = problems.map((problem) => `\n  - ${problem}`).join('')
    throw new LoadError('ERR_LOAD_OPTIONS', `Offline handlers of '${path}' cannot be used.${listed}`)
  }
  return requestHandlers(handlers as readonly unknown[])
}

function isHandler(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { kind, run } = value as { readonly kind?: unknown; readonly run?: unknown }
  return typeof kind === 'string' && typeof run === 'function'
}

/** Handlers of WebSockets answer no request. */
function requestHandlers(handlers: readonly unknown[]): readonly RequestHandler[] {
  return (handlers as readonly AnyHandler[]).filter((handler) => handler.kind === 'request')
}
