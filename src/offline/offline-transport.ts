import { buffer } from 'node:stream/consumers'
import { setImmediate } from 'node:timers'
import type { HttpConfig } from '../http/config.ts'
import { TransportError, type TransportRequest } from '../http/transport.ts'
import { Breath } from '../shared/breath.ts'
import { messageOf, nameOf } from '../shared/errors.ts'
import { now } from '../shared/now.ts'
import { answerOf } from './answer.ts'
import type { HandlerSource } from './handlers.ts'
import { MockedExchange, type ExchangeLimits } from './mocked-exchange.ts'
import type { UnhandledPolicy } from './unhandled.ts'

/** In milliseconds. By about so much, and what a single mock takes, the delays of mocks are late. */
const longestWithoutTurnMs = 1

const breath = new Breath(
  { now, nextTurn: () => new Promise((resolve) => void setImmediate(resolve)) },
  longestWithoutTurnMs,
)

/** What answers in place of the network. */
export interface OfflineOptions {
  readonly handlers: HandlerSource
  readonly unhandled: UnhandledPolicy
  /** What relative paths of handlers are resolved against. */
  readonly baseUrl: string | undefined
  /** The base URL's where the project has none: nothing goes there over the network. */
  readonly inventedOrigin?: string | undefined
}

const nowhere =
  'no mock answers this request, and the project has no baseUrl that it could be passed on to; set baseUrl, or let a handler return a response'

/** Makes the transports of an HTTP configuration: each request is answered by MSW handlers, in this thread. */
export function createOfflineTransport(options: OfflineOptions): NonNullable<HttpConfig['transport']> {
  const limits: ExchangeLimits = {
    breathe: () => breath.due(now()),
  }
  return (origin, passOn) => ({
    dispatch: (request, handler) => {
      const exchange = new MockedExchange(handler, limits)
      exchange.start()
      // A request that was cut meanwhile has been told so.
      if (exchange.aborted) return
      void answer(exchange, { ...request, origin }, options, passOn).catch((error: unknown) =>
        exchange.fail(failureOf(error)),
      )
    },
  })
}

async function answer(
  exchange: MockedExchange,
  request: TransportRequest & { readonly origin: string },
  { handlers, unhandled, baseUrl, inventedOrigin }: OfflineOptions,
  passOn: (body: string | Uint8Array | null) => void,
): Promise<void> {
  await breath.due(now())
  const body = await readWhole(request.body)
  const made = createRequest(request, body, exchange.signal)
  const answered = await answerOf(handlers(), made, baseUrl)
  if (typeof answered === 'object') {
    await exchange.deliver(answered, request.method !== 'HEAD')
    return
  }
  if (exchange.aborted) return
  if (answered === 'unhandled') unhandled(request.method, new URL(made.url))
  if (request.origin === inventedOrigin) throw new TransportError({ category: 'script', message: nowhere })
  passOn(body)
}

/** What is read while it is sent, whole: a handler may read it and leave the request to the network all the same. */
async function readWhole(body: TransportRequest['body']): Promise<string | Uint8Array | null> {
  return body === null || typeof body === 'string' || body instanceof Uint8Array ? body : buffer(body)
}

function createRequest(
  { origin, path, method, headers }: TransportRequest & { readonly origin: string },
  body: string | Uint8Array | null,
  signal: AbortSignal,
): Request {
  const pairs: [string, string][] = []
  for (let index = 0; index < headers.length; index += 2) pairs.push([headers[index] ?? '', headers[index + 1] ?? ''])
  try {
    // As bytes: for a text, `Request` would add a content type that the network does not see.
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    return new Request(origin + path, { method, headers: pairs, body: bytes as RequestInit['body'] & {}, signal })
  } catch (error) {
    // As undici says it: then the client looks for what is wrong with the options.
    throw Object.assign(new Error(messageOf(error)), { code: 'UND_ERR_INVALID_ARG' })
  }
}

function failureOf(error: unknown): Error {
  if (error instanceof TransportError || isInvalidRequest(error)) return error
  const name = error instanceof Error ? nameOf(error) : 'Error'
  const message = `a mock threw ${name === 'Error' ? '' : `${name}: `}${messageOf(error)}`
  return new TransportError({ category: 'script', message }, { cause: error })
}

function isInvalidRequest(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'UND_ERR_INVALID_ARG'
}
