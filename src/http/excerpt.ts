import { printable } from '../shared/text.ts'
import type { ResponseHeaders } from './response-body.ts'

const excerptLength = 200
/** In bytes. More than is shown, so that what is cut off is cut after secrets have been found. */
const windowLength = 2000

/** The beginning of a text answer, without what looks like a credential; what is no text is only described. */
export function excerptOf(body: Buffer, headers: ResponseHeaders, secrets: Iterable<string> = []): string {
  if (body.length === 0) return ''
  const type = String(headers['content-type'] ?? '')
  const head = body.toString('utf8', 0, windowLength).replace(/\ufffd{1,3}$/, '')
  if (!isText(type, head)) return `${body.length} bytes${type === '' ? '' : ` of ${printable(type, 60, secrets)}`}`
  return printable(head, excerptLength, secrets)
}

function isText(type: string, head: string): boolean {
  if (head.includes('\u0000') || head.includes('\ufffd')) return false
  return type === '' || /^text\/|json|xml|javascript|urlencoded/i.test(type)
}
