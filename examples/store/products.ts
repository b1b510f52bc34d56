import type { Context } from 'hono'
import { z } from 'zod'
import { catalogue } from './catalogue.ts'
import { jsonText, parse, problem, type Routes } from './respond.ts'

interface ProductQuery {
  q: string
  category?: string | undefined
  limit: number
  offset: number
}
const ProductQuery: z.ZodType<ProductQuery> = z.object({
  q: z
    .string()
    .default('')
    .transform((text) => text.toLowerCase()),
  category: z.string().optional(),
  limit: z.coerce.number<string>().int().min(1).max(50).default(20),
  offset: z.coerce.number<string>().int().min(0).default(0),
})

// The catalogue never changes: what searching and answering need of it is computed once.
const rows = catalogue.map((product) => ({
  id: product.id,
  category: product.category,
  searchText: product.name.toLowerCase(),
  json: JSON.stringify(product),
}))
const jsonById = new Map(rows.map((row) => [row.id, row.json]))

/** The routes of the catalogue. */
export const productRoutes: Routes = {
  'GET /products': list,
  'GET /products/:id': (context) => {
    const product = jsonById.get(context.req.param('id') ?? '')
    return product === undefined ? problem(404, 'There is no such product') : jsonText(product)
  },
}

function list(context: Context): Response {
  const query = parse(ProductQuery, context.req.query())
  if (!query.ok) return query.response
  const { q, category, limit, offset } = query.value
  const found = rows.filter((row) => row.searchText.includes(q) && (category ?? row.category) === row.category)
  const page = found.slice(offset, offset + limit).map((row) => row.json)
  return jsonText(`[${page.join(',')}]`, 200, { 'x-total-count': String(found.length) })
}
