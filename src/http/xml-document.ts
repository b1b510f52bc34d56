import type { Document, DOMImplementation, Element, Node } from '@xmldom/xmldom'
import { messageOf } from '../shared/errors.ts'
import { bytesOf, extractionError, textOf, type Answer } from './extraction.ts'
import { checkSize, markupOf, parsePage, type Page, type PageNode } from './markup.ts'

const documents = new WeakMap<Buffer, Document>()

// Of DOM's `nodeType`.
const element = 1
const text = 3

// Of DOM's `compareDocumentPosition`.
const preceding = 2
const following = 4

/**
 * An answer as a document: XML as its standard wants it, HTML as a browser takes it. Nothing is loaded from elsewhere,
 * and entities that a document defines itself are not known.
 *
 * @throws {LoadError} `ERR_LOAD_EXTRACTION` when it cannot be parsed.
 */
export async function documentOf(answer: Answer): Promise<Document> {
  const body = bytesOf(answer)
  const known = documents.get(body)
  if (known !== undefined) return known
  const document = markupOf(answer) === 'html' ? await fromHtml(answer) : await fromXml(answer)
  putInOrder(document)
  documents.set(body, document)
  return document
}

async function fromXml(answer: Answer): Promise<Document> {
  await checkSize(answer)
  const { DOMParser } = await import('@xmldom/xmldom')
  const problems: string[] = []
  const parser = new DOMParser({
    onError: (level, message) => {
      if (level === 'warning') return
      problems.push(message)
      throw new Error('not XML')
    },
  })
  try {
    return parser.parseFromString(textOf(answer), 'text/xml')
  } catch (thrown) {
    const why = (problems[0] ?? messageOf(thrown)).split('\n', 1)[0] ?? ''
    throw extractionError(answer, 'did not answer with XML', `The parser says: ${why.replace(/\.$/, '')}`)
  }
}

async function fromHtml(answer: Answer): Promise<Document> {
  const page = await parsePage(answer, 'html')
  const { DOMImplementation: Implementation } = await import('@xmldom/xmldom')
  return convert(page, new Implementation())
}

/** With `html` as its root, also where the answer is a part of a page. */
function convert(page: Page, implementation: DOMImplementation): Document {
  const document = implementation.createDocument(null, '', null)
  const root = page.children.find((node) => 'attribs' in node && node.name === 'html')
  const html = document.createElement('html')
  document.appendChild(html)
  if (root !== undefined && 'attribs' in root) copyAttributes(root.attribs, html)
  const nodes = root !== undefined && 'children' in root ? root.children : page.children
  // Not by recursion, whose depth the answer would decide.
  const open: [nodes: readonly PageNode[], parent: Element][] = [[nodes, html]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [children, parent] = next
    for (const node of children) {
      if (isTextNode(node)) parent.appendChild(document.createTextNode(node.data))
      if (!('attribs' in node)) continue
      const copy = document.createElement(node.name)
      copyAttributes(node.attribs, copy)
      parent.appendChild(copy)
      open.push([node.children, copy])
    }
  }
  return document
}

function isTextNode(node: PageNode): node is Extract<PageNode, { data: string }> {
  return node.nodeType === text
}

function copyAttributes(attributes: Readonly<Record<string, string>>, to: Element): void {
  for (const [name, value] of Object.entries(attributes)) to.setAttribute(name, value)
}

/**
 * Numbers the nodes in their order in the document, by which XPath sorts what it finds: to find the order of two of many
 * siblings takes xmldom as long as there are siblings.
 */
function putInOrder(document: Document): void {
  const order = new Map<Node, number>()
  function compareDocumentPosition(this: Node, other: Node): number {
    const difference = (order.get(other) ?? 0) - (order.get(this) ?? 0)
    return difference === 0 ? 0 : difference < 0 ? preceding : following
  }
  const put = (node: Node): void => {
    order.set(node, order.size)
    Object.assign(node, { compareDocumentPosition })
  }
  for (let node: Node | null = document; node !== null; node = nextOf(node)) {
    put(node)
    if (node.nodeType !== element) continue
    for (const attribute of (node as Element).attributes) put(attribute)
  }
}

function nextOf(node: Node): Node | null {
  if (node.firstChild !== null) return node.firstChild
  let at: Node | null = node
  while (at !== null && at.nextSibling === null) at = at.parentNode
  return at?.nextSibling ?? null
}
