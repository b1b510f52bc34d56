import { createRequire } from 'node:module'
import type { Document } from '@xmldom/xmldom'
import { messageOf } from '../shared/errors.ts'
import { extractionError, unusableError, type Answer } from './extraction.ts'
import { checkReading, isFlag, isText } from './markup.ts'
import { isRecord } from './request-checks.ts'
import { shown } from './request-problems.ts'
import { documentOf } from './xml-document.ts'

/** What `.xpath()` makes of what an expression gives. */
export interface XPathOptions {
  /** URIs of the namespaces by the prefixes that the expression has: `{ s: 'http://www.w3.org/2003/05/soap-envelope' }`. */
  readonly namespaces?: Readonly<Record<string, string>> | undefined
  /**
   * What to read it as: the text of the first node, that text or a `count()` as a number, or whether there is such a node
   * or the condition holds.
   *
   * @default 'string'
   */
  readonly as?: 'string' | 'number' | 'boolean' | undefined
  /**
   * The texts of all nodes, in their order, instead of the first only. There may be none.
   *
   * @default false
   */
  readonly all?: boolean | undefined
}

/** `XPathOptions` for the text of the first node. */
export interface TextByXPathOptions extends XPathOptions {
  readonly as?: 'string' | undefined
  readonly all?: false | undefined
}

/** `XPathOptions` for a number. */
export interface NumberByXPathOptions extends XPathOptions {
  readonly as: 'number'
  readonly all?: false | undefined
}

/** `XPathOptions` for a condition. */
export interface ConditionByXPathOptions extends XPathOptions {
  readonly as: 'boolean'
  readonly all?: false | undefined
}

/** `XPathOptions` for the texts of all nodes. */
export interface AllByXPathOptions extends XPathOptions {
  readonly as?: 'string' | undefined
  readonly all: true
}

/** What is used of the package `xpath`, whose own types bring those of a browser with them. */
interface XPathLibrary {
  readonly parse: (expression: string) => { readonly evaluate: (options: object) => XPathValue }
  readonly XNodeSet: new () => NodeSet
}

interface XPathValue {
  readonly stringValue: () => string
  readonly numberValue: () => number
  readonly booleanValue: () => boolean
}

interface NodeSet extends XPathValue {
  readonly size: number
  readonly toArray: () => unknown[]
  readonly stringForNode: (node: unknown) => string
}

const require = createRequire(import.meta.url)
const kinds: readonly unknown[] = ['string', 'number', 'boolean']
const optionChecks = {
  namespaces: [areNamespaces, 'an object with the URI of each prefix'],
  as: [(value: unknown) => kinds.includes(value), "'string', 'number' or 'boolean'"],
  all: [isFlag, 'true or false'],
} as const

/** Reads an answer by an XPath 1.0 expression. */
export async function readXPath(
  answer: Answer,
  expression: string,
  options: XPathOptions | undefined,
): Promise<string | number | boolean | string[]> {
  checkReading(answer, '.xpath()', options, optionChecks)
  if (!isText(expression)) throw unusableError(answer, `.xpath() takes an expression; received ${shown(expression)}`)
  const { namespaces = {}, as = 'string', all = false } = options ?? {}
  if (all && as !== 'string') throw unusableError(answer, `.xpath() gives all as texts: leave out all, or as: '${as}'`)
  // Loaded on first use: most specs read JSON.
  const library = require('xpath') as XPathLibrary
  const parsed = usable(answer, expression, () => library.parse(expression))
  const document = await documentOf(answer)
  const found = usable(answer, expression, () => parsed.evaluate({ node: document, namespaces }))
  const nodes = found instanceof library.XNodeSet ? found : undefined
  if (as === 'boolean') return found.booleanValue()
  if (all) return nodes === undefined ? [found.stringValue()] : nodes.toArray().map((node) => nodes.stringForNode(node))
  if (nodes?.size === 0) throw missing(answer, expression, namespaces, document)
  if (as === 'string') return found.stringValue()
  const number = found.numberValue()
  if (Number.isFinite(number)) return number
  throw extractionError(answer, `has no number at '${expression}' in its answer`)
}

function areNamespaces(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every(isText)
}

function usable<Value>(answer: Answer, expression: string, run: () => Value): Value {
  try {
    return run()
  } catch (thrown) {
    const why = messageOf(thrown).split('\n', 1)[0] ?? ''
    const advice = why.startsWith('Cannot resolve QName') ? ' Give the URI of its prefix in namespaces' : ''
    throw unusableError(answer, `.xpath() cannot evaluate ${shown(expression)}: ${why}${advice && `.${advice}`}`)
  }
}

/** Without a prefix a name is in no namespace, which is what most look for in vain. */
function missing(
  answer: Answer,
  expression: string,
  namespaces: Readonly<Record<string, string>>,
  { documentElement }: Document,
): Error {
  const uri = documentElement?.namespaceURI ?? undefined
  const isUnnamed = uri !== undefined && !Object.values(namespaces).includes(uri)
  const advice = isUnnamed
    ? `Its root is in a namespace: name it with { namespaces: { n: '${uri}' } } and write n:name`
    : ''
  return extractionError(answer, `has nothing at '${expression}' in its answer`, advice)
}
