import type { Context } from 'hono'
import type { Authenticated } from './auth.ts'
import { catalogue } from './catalogue.ts'
import { json, parse, problem, type Routes } from './respond.ts'
import { type Review, ReviewForm } from './schemas.ts'

const maxPhotoBytes = 1_048_576
const productIds = new Set(catalogue.map((product) => product.id))

/** The route that takes what customers think of a product. It keeps nothing: nobody has read a review before it is published. */
export function reviewRoutes(authenticated: Authenticated): Routes {
  return { 'POST /products/:id/reviews': authenticated(review) }
}

async function review(context: Context): Promise<Response> {
  const productId = context.req.param('id') ?? ''
  if (!productIds.has(productId)) return problem(404, 'There is no such product')
  const fields = await readForm(context)
  if (fields === undefined) return problem(400, 'The body is not a valid form', [])
  const form = parse(ReviewForm, fields)
  if (!form.ok) return form.response
  const { photo, ...said } = form.value
  if (photo === undefined) return json({ productId, ...said } satisfies Review, 201)
  if (!photo.type.startsWith('image/')) return problem(415, 'A photo is an image')
  if (photo.size > maxPhotoBytes) return problem(413, `A photo has at most ${maxPhotoBytes} bytes`)
  return json({ productId, ...said, photo: { type: photo.type, bytes: photo.size } } satisfies Review, 201)
}

async function readForm(context: Context): Promise<object | undefined> {
  try {
    return await context.req.parseBody()
  } catch {
    return undefined
  }
}
