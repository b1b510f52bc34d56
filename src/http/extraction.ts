import { CategorisedError } from '../shared/errors.ts'
import { asSentence, cleanText, hideSecrets, printable } from '../shared/text.ts'
import { excerptOf } from './excerpt.ts'
import { shown } from './request-problems.ts'
import { statusText } from './status-text.ts'
import { decodeText, joinChunks, type ResponseHeaders } from './response-body.ts'

/** An answer as those see it who read something out of it. */
export interface Answer {
  /** What its request is called in reports. */
  readonly label: string
  readonly status: number
  readonly headers: ResponseHeaders
  readonly body: Buffer | undefined
  /** What may be shown of the body, also where it was not kept. */
  shownBody(): Buffer
  /** Credentials to be hidden in what is told of it. */
  secrets(): Iterable<string>
}

const longestDetail = 300
const shownNames = 20

/**
 * The error for a value that an answer does not have. `what` is the same for all such answers, so that they are one row
 * of the error table; `detail`, and the answer's beginning, are for who reads the error.
 */
export function extractionError(answer: Answer, what: string, detail: string = ''): CategorisedError {
  const { label, status, headers } = answer
  const known = [...answer.secrets()]
  const excerpt = excerptOf(answer.shownBody(), headers, known)
  // What looks like a credential stays: paths and patterns name what they are to find.
  const message = `${label} ${cleanText(hideSecrets(what, known), longestDetail)}.`
  const more = detail === '' ? '' : ` ${printable(detail, longestDetail, known)}.`
  const began = excerpt === '' ? 'an empty body' : excerpt
  return new CategorisedError(
    'ERR_LOAD_EXTRACTION',
    'extraction',
    `${message}${more} It was ${statusText(status)}: ${began}`,
    {
      row: { message, excerpt },
    },
  )
}

/** The error for a path, pattern or selector that cannot be used: it is wrong whatever the answer is. */
export function unusableError({ label }: Answer, what: string): CategorisedError {
  return new CategorisedError('ERR_LOAD_OPTIONS', 'script', asSentence(`${label}: ${what}`))
}

/** The body of an answer; empty where it has none. */
export function bytesOf({ body }: Answer): Buffer {
  return joinChunks(body, undefined)
}

/** The body of an answer as text. */
export function textOf(answer: Answer): string {
  return decodeText(bytesOf(answer))
}

/** A header by its name in any case; several values are joined by a comma. */
export function headerOf(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name.toLowerCase()]
  return Array.isArray(value) ? value.join(', ') : value
}

/** A header that must be there. */
export function readHeader(answer: Answer, name: string): string {
  if (typeof name !== 'string' || name === '')
    throw unusableError(answer, `.header() takes the name of a header; received ${shown(name)}`)
  const value = headerOf(answer.headers, name)
  if (value !== undefined) return value
  const names = Object.keys(answer.headers)
  const others = names.length === 0 ? 'It has no headers' : `It has ${names.slice(0, shownNames).join(', ')}`
  throw extractionError(answer, `has no header '${name}' in its answer`, others)
}
