import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { EventSourceParser } from 'eventsource-parser'
import { CategorisedError } from '../shared/errors.ts'
import { printable } from '../shared/text.ts'
import type { BodyStream } from './body-stream.ts'
import type { Exchange } from './exchange.ts'
import type { Answer } from './extraction.ts'
import { parseJson, validate } from './response-json.ts'
import { maxPieceLength, readTexts, tooLong } from './stream-reading.ts'

/** A message of an event stream (HTML standard, 9.2). */
export interface ServerSentEvent<Data = string> {
  /** Its type; `message` where the server names none. */
  readonly event: string
  /** Its text; with a schema, what the schema makes of the text's JSON. */
  readonly data: Data
  /** Its id, if it has one of its own. */
  readonly id: string | undefined
  /** How long to wait before connecting again, in milliseconds, where the server has said so since the message before. */
  readonly retry: number | undefined
}

/** The messages of an answer of type `text/event-stream`. */
export async function* readEvents(
  exchange: Exchange,
  stream: BodyStream,
  schema: StandardSchemaV1 | undefined,
): AsyncGenerator<ServerSentEvent<unknown>, undefined, void> {
  const { createParser } = await import('eventsource-parser')
  const queue: ServerSentEvent[] = []
  let retry: number | undefined
  const limit = { isOver: false }
  const parser: EventSourceParser = createParser({
    maxBufferSize: maxPieceLength,
    onEvent: ({ event = 'message', data, id }) => {
      queue.push({ event, data, id, retry })
      retry = undefined
    },
    onRetry: (delayMs) => {
      retry = delayMs
    },
    onError: ({ type }) => {
      limit.isOver ||= type === 'max-buffer-size-exceeded'
    },
  })
  let isChecked = false
  for await (const text of readTexts(exchange, stream)) {
    if (!isChecked) checkType(exchange)
    isChecked = true
    parser.feed(text)
    for (const event of queue.splice(0)) yield schema === undefined ? event : await parse(exchange, event, schema)
    if (limit.isOver) throw tooLong(exchange, 'an event')
  }
  if (!isChecked) checkType(exchange)
}

/** @throws {LoadError} `ERR_LOAD_EXTRACTION`: a page of HTML would otherwise be a stream without a message. */
function checkType(exchange: Exchange): void {
  // 204 is how a server tells a client to stay away (HTML standard, 9.2.3).
  if (exchange.status === 204) return
  const type = String(exchange.headers['content-type'] ?? '')
  if (/^\s*text\/event-stream\s*(?:;|$)/i.test(type)) return
  const received = type === '' ? 'an answer without a content-type' : printable(type, 100)
  throw new CategorisedError(
    'ERR_LOAD_EXTRACTION',
    'extraction',
    `${exchange.label} did not answer with events: expected content-type text/event-stream, received ${received}.`,
  )
}

async function parse(
  exchange: Exchange,
  event: ServerSentEvent,
  schema: StandardSchemaV1,
): Promise<ServerSentEvent<unknown>> {
  const body = Buffer.from(event.data)
  const answer: Answer = {
    label: `${exchange.label} (event ${printable(event.event, 40)})`,
    status: exchange.status,
    headers: exchange.headers,
    body,
    shownBody: () => body,
    secrets: () => exchange.secrets(),
  }
  const data = await validate(parseJson(answer), schema, answer)
  return { ...event, data }
}
