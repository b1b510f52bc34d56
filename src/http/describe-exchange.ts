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
  const { status, headers, body, failure } = answer
  const phrase = STATUS_CODES[status]
  const name = status === 0 ? 'no answer' : `${status}${phrase === undefined ? '' : ` ${phrase}`}`
  const pairs = pairsOfRecord(headers)
  const problem =
    failure === undefined ? [] : [`failed: ${failure.category}, ${printable(failure.message, 500, secrets)}`]
  return [
    `${name}  ${describeTimes(answer)}`,
    ...describeHeaders(pairs, secrets),
    ...describeBody(body ?? Buffer.alloc(0), pairs, secrets),
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

function describeBody(body: Buffer, headers: Headers, secrets: readonly string[]): string[] {
  if (body.length === 0) return []
  const text = body.toString('utf8', 0, maxReadBytes)
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  if (text.includes('\u0000') || text.slice(0, -3).includes('\ufffd'))
    return ['', `(${body.length} bytes${type === '' ? '' : ` of ${showText(type, 60, secrets)}`})`]
  const shown = layOut(hideMultipart(text, type))
  const more = shown.length > maxBodyLength ? [`(${body.length} bytes in all)`] : []
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

/** A field of a form's part has its name in a header, where nothing else finds it. */
function hideMultipart(text: string, type: string): string {
  if (!/^multipart\//i.test(type)) return text
  return text.replaceAll(
    /(name="([^"]{1,100})"[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n)([^]*?)(?=\r?\n--)/g,
    (part: string, head: string, name: string) => (isSecretName(name) ? `${head}[redacted]` : part),
  )
}
