import { hideSecrets, redact } from '../shared/text.ts'

const deepest = 3
/** What may be encoded as a whole stands between them: a value in a query, a word of a text. */
const borders = /([&?=\s])/
const encoded = /%[\da-f]{2}/i

/**
 * Hides what holds a credential once it is decoded: a redirect may give a whole body back in its query, whose quotes were
 * escaped before they were percent-encoded.
 */
export function hideNestedSecrets(text: string, secrets: readonly string[]): string {
  if (!encoded.test(text)) return text
  const pieces = text.split(borders)
  return pieces.map((piece) => (encoded.test(piece) && holdsSecret(piece, secrets) ? '[redacted]' : piece)).join('')
}

function holdsSecret(piece: string, secrets: readonly string[]): boolean {
  let text = piece
  for (let depth = 0; depth < deepest; depth++) {
    const decoded = decode(text)
    if (decoded === text) return false
    text = decoded
    if (redact(hideSecrets(text, secrets)) !== text) return true
  }
  return false
}

function decode(text: string): string {
  return text.replaceAll(/(?:%[\da-f]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
  )
}
