import { messageOf } from '../shared/errors.ts'
import { bytesOf, extractionError, unusableError, type Answer } from './extraction.ts'
import { checkReading, isFlag, isText, markupOf, parsePage, type Markup, type Page, type PageNode } from './markup.ts'
import { shown } from './request-problems.ts'

/** What `.css()` takes of the elements it finds. */
export interface CssOptions {
  /** The value of this attribute instead of the text. */
  readonly attribute?: string | undefined
  /**
   * Of all elements, in their order, instead of the first only. Those without the attribute are left out, and there may
   * be none.
   *
   * @default false
   */
  readonly all?: boolean | undefined
}

/** `CssOptions` for all elements. */
export interface AllByCssOptions extends CssOptions {
  readonly all: true
}

/** `CssOptions` for the first element. */
export interface FirstByCssOptions extends CssOptions {
  readonly all?: false | undefined
}

const optionChecks = { attribute: [isText, 'the name of an attribute'], all: [isFlag, 'true or false'] } as const
const pages = new WeakMap<Buffer, Page>()

/** Reads an answer by a CSS selector. */
export async function readCss(
  answer: Answer,
  selector: string,
  options: CssOptions | undefined,
): Promise<string | string[]> {
  checkReading(answer, '.css()', options, optionChecks)
  if (!isText(selector)) throw unusableError(answer, `.css() takes a selector; received ${shown(selector)}`)
  // Loaded on first use: most specs read JSON.
  const [{ compile, selectAll, selectOne }, { textContent }] = await Promise.all([
    import('css-select'),
    import('domutils'),
  ])
  const markup = markupOf(answer)
  const query = usable(answer, selector, () => compile<PageNode, PageNode>(selector, { xmlMode: markup === 'xml' }))
  const { children } = await pageOf(answer, markup)
  const { attribute, all = false } = options ?? {}
  const valueOf = (node: PageNode): string | undefined =>
    attribute === undefined ? textContent(node) : attributeOf(node, attribute)
  if (all)
    return selectAll(query, children)
      .map(valueOf)
      .filter((value) => value !== undefined)
  const first = selectOne(query, children)
  if (first === null) throw extractionError(answer, `has nothing at '${selector}' in its answer`)
  const value = valueOf(first)
  if (value !== undefined) return value
  throw extractionError(answer, `has no attribute ${attribute} at '${selector}' in its answer`)
}

function attributeOf(node: PageNode, name: string): string | undefined {
  if (!('attribs' in node)) return undefined
  const { attribs } = node
  if (Object.hasOwn(attribs, name)) return attribs[name]
  const lower = name.toLowerCase()
  return Object.hasOwn(attribs, lower) ? attribs[lower] : undefined
}

function usable<Value>(answer: Answer, selector: string, compile: () => Value): Value {
  try {
    return compile()
  } catch (thrown) {
    throw unusableError(answer, `.css() takes a selector; ${shown(selector)} is none (${messageOf(thrown)})`)
  }
}

async function pageOf(answer: Answer, markup: Markup): Promise<Page> {
  const body = bytesOf(answer)
  const known = pages.get(body)
  if (known !== undefined) return known
  const page = await parsePage(answer, markup)
  pages.set(body, page)
  return page
}
