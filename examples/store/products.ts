import type { Context } from 'hono'
import { catalogue } from './catalogue.ts'
import { revalidated } from './etag.ts'
import { parse, problem, type Routes } from './respond.ts'
import { type Product, ProductQuery } from './schemas.ts'

// The catalogue never changes: what searching and answering need of it is computed once.
const rows = catalogue.map((product) => ({
  ...product,
  searchText: product.name.toLowerCase(),
  json: JSON.stringify(product),
}))
type Row = (typeof rows)[number]
const jsonById = new Map(rows.map((row) => [row.id, row.json]))

const byPrice = (a: Product, b: Product): number => a.priceCents - b.priceCents
const byName = (a: Product, b: Product): number => (a.name < b.name ? -1 : Number(a.name > b.name))
const orders = {
  price: rows.toSorted(byPrice),
  '-price': rows.toSorted((a, b) => byPrice(b, a)),
  name: rows.toSorted(byName),
  '-name': rows.toSorted((a, b) => byName(b, a)),
} as const

/** The routes of the catalogue. */
export const productRoutes: Routes = {
  'GET /products': list,
  'GET /products/:id': (context) => {
    const product = jsonById.get(context.req.param('id') ?? '')
    return product === undefined ? problem(404, 'There is no such product') : revalidated(context, product)
  },
}

function list(context: Context): Response {
  const query = parse(ProductQuery, context.req.query())
  if (!query.ok) return query.response
  const { sort, limit, offset } = query.value
  const found = (sort ? orders[sort] : rows).filter((row) => isWanted(row, query.value))
  const page = found.slice(offset, offset + limit).map((row) => row.json)
  const headers = { 'x-total-count': String(found.length), ...pageLinks(context, query.value, found.length) }
  return revalidated(context, `[${page.join(',')}]`, headers)
}

/** Where the next page and the one before it are (RFC 8288). */
function pageLinks(context: Context, { limit, offset }: ProductQuery, found: number): Record<string, string> {
  const linkTo = (rel: string, start: number): string => {
    const query = new URLSearchParams({ ...context.req.query(), limit: String(limit), offset: String(start) })
    return `</products?${query.toString()}>; rel="${rel}"`
  }
  const links: string[] = []
  if (offset + limit < found) links.push(linkTo('next', offset + limit))
  if (offset > 0) links.push(linkTo('prev', Math.max(0, offset - limit)))
  return links.length === 0 ? {} : { link: links.join(', ') }
}

function isWanted(row: Row, { q, category, minPriceCents = 0, maxPriceCents = Infinity }: ProductQuery): boolean {
  const { priceCents } = row
  if (priceCents < minPriceCents || priceCents > maxPriceCents) return false
  return row.searchText.includes(q) && (category ?? row.category) === row.category
}
