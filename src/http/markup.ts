import type { parseDocument, Parser } from 'htmlparser2'
import { unknownOption } from '../shared/text.ts'
import { bytesOf, extractionError, textOf, unusableError, type Answer } from './extraction.ts'
import { isRecord } from './request-checks.ts'
import { kindOf } from './request-problems.ts'
import { decodeText } from './response-body.ts'

/** The root of what htmlparser2 makes of a page. */
export type Page = ReturnType<typeof parseDocument>
export type PageNode = Page['children'][number]

/** What an answer is read as. */
export type Markup = 'html' | 'xml'

// A target must not stop the thread: parsers and what searches their trees are quadratic in some of these. Browsers nest
// 512 elements.
const deepest = 500
const maxElements = 100_000
const maxAttributes = 1000
const maxBytes = 8 * 2 ** 20

/** Where an answer's own type does not say so, HTML is known by its beginning. */
export function markupOf(answer: Answer): Markup {
  const type = String(answer.headers['content-type'] ?? '')
  if (/\bx?html\b/i.test(type)) return /xhtml/i.test(type) ? 'xml' : 'html'
  if (/xml/i.test(type)) return 'xml'
  return /^\s*(?:<!doctype html|<html)/i.test(decodeText(bytesOf(answer).subarray(0, 200))) ? 'html' : 'xml'
}

class Oversize extends Error {}

/** Refuses markup that could hold a thread up. */
function guard(): { open: () => void; close: () => void; attribute: () => void } {
  let depth = 0
  let elements = 0
  let attributes = 0
  return {
    open: () => {
      depth += 1
      elements += 1
      attributes = 0
      if (depth > deepest) throw new Oversize(`more than ${deepest} elements within each other`)
      if (elements > maxElements) throw new Oversize(`more than ${maxElements.toLocaleString('en')} elements`)
    },
    close: () => {
      depth -= 1
    },
    attribute: () => {
      attributes += 1
      if (attributes > maxAttributes) throw new Oversize(`an element with more than ${maxAttributes} attributes`)
    },
  }
}

/**
 * Parses an answer as a browser does, whatever it is. Nothing is loaded, and no entities but those of HTML are known.
 *
 * @throws {LoadError} `ERR_LOAD_EXTRACTION` when it has no text, or is beyond what can be searched in reasonable time.
 */
export async function parsePage(answer: Answer, markup: Markup): Promise<Page> {
  const { DomHandler, Parser: MarkupParser } = await import('htmlparser2')
  const limits = guard()
  class GuardedHandler extends DomHandler {
    override onopentag(name: string, attributes: Record<string, string>): void {
      limits.open()
      super.onopentag(name, attributes)
    }
    override onclosetag(): void {
      limits.close()
      super.onclosetag()
    }
    onattribute(): void {
      limits.attribute()
    }
  }
  const handler = new GuardedHandler()
  run(answer, new MarkupParser(handler, { xmlMode: markup === 'xml' }))
  return handler.root
}

/** @throws {LoadError} `ERR_LOAD_EXTRACTION` when XML is beyond what can be parsed in reasonable time. */
export async function checkSize(answer: Answer): Promise<void> {
  const { Parser: MarkupParser } = await import('htmlparser2')
  const { open, close, attribute } = guard()
  run(answer, new MarkupParser({ onopentag: open, onclosetag: close, onattribute: attribute }, { xmlMode: true }))
}

function run(answer: Answer, parser: Parser): void {
  const body = bytesOf(answer)
  const cannot = 'did not answer with markup that can be searched'
  if (body.length === 0) throw extractionError(answer, cannot)
  if (body.length > maxBytes)
    throw extractionError(answer, cannot, `It has ${body.length} bytes, more than ${maxBytes}`)
  try {
    parser.end(textOf(answer))
  } catch (thrown) {
    if (thrown instanceof Oversize) throw extractionError(answer, cannot, `It has ${thrown.message}`)
    throw thrown
  }
}

/**
 * Options of `.css()` and `.xpath()`, checked: `checks` has a test and what it asks for, by name.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` with all that is wrong.
 */
export function checkReading(
  answer: Answer,
  call: string,
  options: unknown,
  checks: Readonly<Record<string, readonly [isUsable: (value: unknown) => boolean, expected: string]>>,
): void {
  if (options === undefined) return
  if (!isRecord(options)) throw unusableError(answer, `${call} takes options as an object; received ${kindOf(options)}`)
  const problems = Object.entries(options).flatMap(([key, value]) => {
    const [isUsable, expected] = checks[key] ?? []
    if (isUsable === undefined) return [`${key}: ${unknownOption(key, Object.keys(checks))}`]
    return value === undefined || isUsable(value) ? [] : [`${key}: expected ${expected}; received ${kindOf(value)}`]
  })
  if (problems.length > 0)
    throw unusableError(answer, `the options of ${call} cannot be used: ${problems.join(', and ')}`)
}

export const isFlag = (value: unknown): boolean => typeof value === 'boolean'
export const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
