import { isUtf8 } from 'node:buffer'
import { STATUS_CODES } from 'node:http'
import { isSecretName, printable } from '../shared/text.ts'
import { printableLines } from '../shared/text-lines.ts'
import { bytesOf, pairsOf, showHeader, showText } from './exemplar.ts'
import { hideNestedSecrets } from './nested-secrets.ts'
import { httpPhases } from './phases.ts'
import type { ResponseHeaders } from './response-body.ts'
import type { TracedAnswer, TracedRequest } from './trace.ts'

/** In characters, of a body as it is shown. */
const maxBodyLength = 8000
/** Of a body, more than is shown: text is cut after credentials have been found. */
const maxSearchedLength = maxBodyLength + 8000
const maxUrlLength = 2000
const maxHeaderLength = 500
const maxHeaders = 60
/** Of a longer one only the beginning is read. */
const maxReadBytes = 1_000_000

/** A request with its headers and body, made safe to print: method and URL in the first line. */
export function describeRequest({ method, url, headers, body }: TracedRequest, secrets: readonly string[]): string[] {
  const pairs = pairsOf(headers)
  return [
    `${printable(method)} ${showText(url, maxUrlLength, secrets)}`,
    ...describeHeaders(pairs, secrets),
    ...describeSentBody(body, pairs, secrets),
  ]
}

/** An answer with its headers and body, made safe to print: status and times in the first line. */
export function describeAnswer(answer: TracedAnswer, secrets: readonly string[]): string[] {
  const { status, headers, body, bodyBytes, failure } = answer
  const phrase = STATUS_CODES[status]
  const name = status === 0 ? 'no answer' : `${status}${phrase === undefined ? '' : ` ${phrase}`}`
  const pairs = pairsOfRecord(headers)
  const problem =
    failure === undefined ? [] : [`failed: ${failure.category}, ${printable(failure.message, 500, secrets)}`]
  return [
    `${name}  ${describeTimes(answer)}`,
    ...describeHeaders(pairs, secrets),
    ...describeBody(body ?? Buffer.alloc(0), pairs, secrets, bodyBytes),
    ...problem,
  ]
}

function describeTimes({ durationUs, phasesUs }: TracedAnswer): string {
  const phases = httpPhases.flatMap((name, index) => {
    const us = phasesUs[index] ?? -1
    return us < 50 ? [] : [`${name} ${formatMs(us)}`]
  })
  return `${formatMs(durationUs)} ms${phases.length === 0 ? '' : ` (${phases.join(', ')})`}`
}

function formatMs(us: number): string {
  return (us / 1000).toFixed(1)
}

type Headers = readonly (readonly [name: string, value: string])[]

function pairsOfRecord(headers: ResponseHeaders): Headers {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((text): readonly [string, string] => [name, text]),
  )
}

function describeHeaders(pairs: Headers, secrets: readonly string[]): string[] {
  const lines = pairs
    .slice(0, maxHeaders)
    .map(([name, value]) => `${printable(name)}: ${showHeader(name, value, maxHeaderLength, secrets)}`)
  return pairs.length > maxHeaders ? [...lines, `… and ${pairs.length - maxHeaders} more headers`] : lines
}

function describeSentBody(body: unknown, headers: Headers, secrets: readonly string[]): string[] {
  const bytes = bytesOf(body)
  if (bytes.length === 0 && body !== null && body !== undefined && body !== '') return ['', '(a body that is streamed)']
  return describeBody(bytes, headers, secrets)
}

/** `body` may be the beginning of so many bytes. */
function describeBody(
  body: Buffer,
  headers: Headers,
  secrets: readonly string[],
  totalBytes: number = body.length,
): string[] {
  if (body.length === 0) return []
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  const bytes = Math.max(totalBytes, body.length)
  const text = withoutBinaryParts(body.subarray(0, maxReadBytes), type).toString('utf8')
  if (text.includes('\u0000') || text.slice(0, -3).includes('\ufffd'))
    return ['', `(${bytes} bytes${type === '' ? '' : ` of ${showText(type, 60, secrets)}`})`]
  const shown = layOut(hideMultipart(text, type))
  const more = shown.length > maxBodyLength || bytes > body.length ? [`(${bytes} bytes in all)`] : []
  return [
    '',
    ...printableLines(hideNestedSecrets(shown.slice(0, maxSearchedLength), secrets), maxBodyLength, secrets),
    ...more,
  ]
}

/** JSON in lines, unless that would alter it: a number may have more digits than JavaScript keeps. */
function layOut(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text
  try {
    const value: unknown = JSON.parse(text)
    return JSON.stringify(value) === text.trim() ? JSON.stringify(value, undefined, 2) : text
  } catch {
    return text
  }
}

/** A form with files: the fields can be read, whatever the files are. */
function withoutBinaryParts(body: Buffer, type: string): Buffer {
  const [, boundary] = /^multipart\/[^]*?boundary="?([^";]+)/i.exec(type) ?? []
  if (boundary === undefined) return body
  const border = `\r\n--${boundary}`
  const parts = body.toString('latin1').split(border)
  return Buffer.from(parts.map(withoutBinary).join(border), 'latin1')
}

/** A part of which each character stands for a byte. */
function withoutBinary(part: string): string {
  const start = part.indexOf('\r\n\r\n') + 4
  const content = part.slice(start)
  const isText = start < 4 || (!content.includes('\u0000') && isUtf8(Buffer.from(content, 'latin1')))
  return isText ? part : `${part.slice(0, start)}(${content.length} bytes)`
}

/** A field of a form's part has its name in a header, where nothing else finds it. */
function hideMultipart(text: string, type: string): string {
  if (!/^multipart\//i.test(type)) return text
  return text.replaceAll(
    /(name="([^"]{1,100})"[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n)([^]*?)(?=\r?\n--)/g,
    (part: string, head: string, name: string) => (isSecretName(name) ? `${head}[redacted]` : part),
  )
}
