import type { Context } from 'hono'
import { catalogue } from './catalogue.ts'
import { escapeMarkup } from './escape.ts'
import { problem, type Routes } from './respond.ts'
import type { Product } from './schemas.ts'

const photosById = new Map(catalogue.map((product) => [product.id, draw(product)]))

/** The route of what a page of a product shows besides text. */
export const photoRoutes: Routes = {
  'GET /products/:id/photo': (context: Context) => {
    const photo = photosById.get(context.req.param('id') ?? '')
    if (photo === undefined) return problem(404, 'There is no such product')
    return new Response(photo, { headers: { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=3600' } })
  },
}

function draw({ name }: Product): string {
  const text = `<text x="200" y="150" text-anchor="middle">${escapeMarkup(name)}</text>`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300">${text}</svg>\n`
}
