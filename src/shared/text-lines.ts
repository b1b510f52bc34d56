import { cleanText, hideSecrets, redact } from './text.ts'

/** More than is shown, so that text is cut after credentials have been found. */
const overlap = 4000

/**
 * Text of several lines made safe to print, as `printable` makes one of a single line: each line is cleaned for itself
 * and keeps its indentation, and credentials are looked for in the whole.
 */
export function printableLines(text: string, maxLength: number, secrets: Iterable<string> = []): string[] {
  const lines = text.slice(0, maxLength + overlap).split(/\r\n|[\n\r]/)
  const clean = lines.map((line) => {
    const [indentation = ''] = /^ */.exec(line) ?? []
    return indentation + cleanText(line, Number.POSITIVE_INFINITY)
  })
  const safe = redact(hideSecrets(clean.join('\n'), secrets))
  return (safe.length > maxLength ? `${safe.slice(0, maxLength - 1)}…` : safe).split('\n')
}
