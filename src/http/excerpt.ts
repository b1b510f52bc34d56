import { cleanText, isSecretName } from '../shared/text.ts'
import type { ResponseHeaders } from './response-body.ts'

const excerptLength = 200
/** In bytes. More than is shown, so that what is cut off is cut after secrets have been found. */
const windowLength = 2000
const redacted = '[redacted]'

const jsonMember = /"((?:[^"\\]|\\.){1,64})"(\s*:\s*)("(?:[^"\\]|\\.)*"?|\[[^\]]*\]?|\{[^}]*\}?|[^\s,}\]]+)/g
const formField = /(^|[?&;\s])([\w.[\]-]{1,64})=([^&\s;"'<]+)/g
const bearer = /\b(bearer|basic)\s+[\w.~+/=-]+/gi
const jwt = /\beyJ[\w-]{5,}(?:\.[\w-]*){0,2}/g
const longToken = /\b[\w+=-]{40,}/g

/** The beginning of a text answer, without what looks like a credential; what is no text is only described. */
export function excerptOf(body: Buffer, headers: ResponseHeaders): string {
  if (body.length === 0) return ''
  const type = String(headers['content-type'] ?? '')
  const head = body.toString('utf8', 0, windowLength).replace(/\ufffd{1,3}$/, '')
  if (!isText(type, head)) return `${body.length} bytes${type === '' ? '' : ` of ${cleanText(type, 60)}`}`
  return cleanText(redact(head), excerptLength)
}

/** Replaces what looks like a credential in text from a target. */
export function redact(text: string): string {
  return text
    .replaceAll(jsonMember, (member, key: string, colon: string) =>
      isSecretName(key) ? `"${key}"${colon}"${redacted}"` : member,
    )
    .replaceAll(formField, (field, before: string, key: string) =>
      isSecretName(key) ? `${before}${key}=${redacted}` : field,
    )
    .replaceAll(bearer, (_, scheme: string) => `${scheme} ${redacted}`)
    .replaceAll(jwt, redacted)
    .replaceAll(longToken, redacted)
}

function isText(type: string, head: string): boolean {
  if (head.includes('\u0000') || head.includes('\ufffd')) return false
  return type === '' || /^text\/|json|xml|javascript|urlencoded/i.test(type)
}
