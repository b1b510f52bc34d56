import type { Context } from 'hono'
import type { Authenticated } from './auth.ts'
import type { Carts } from './carts.ts'
import { catalogue } from './catalogue.ts'
import { json, noContent, parseBody, problem, type Routes } from './respond.ts'
import { CartItem, CartItems, Quantity } from './schemas.ts'
import type { Identity } from './tokens.ts'

const productIds = new Set(catalogue.map((product) => product.id))

/** The routes of the cart. */
export function cartRoutes(carts: Carts, authenticated: Authenticated): Routes {
  return {
    'GET /cart': authenticated((_, { sessionId }) => json(carts.view(sessionId))),
    'PUT /cart': authenticated((context, identity) => replaceItems(context, identity, carts)),
    'DELETE /cart': authenticated((_, { sessionId }) => {
      carts.take(sessionId)
      return noContent()
    }),
    'POST /cart/items': authenticated((context, identity) => addItem(context, identity, carts)),
    'PATCH /cart/items/:productId': authenticated((context, identity) => changeItem(context, identity, carts)),
    'DELETE /cart/items/:productId': authenticated((context, { sessionId }) =>
      carts.remove(sessionId, context.req.param('productId') ?? '') ? noContent() : notInCart(),
    ),
  }
}

async function replaceItems(context: Context, { sessionId }: Identity, carts: Carts): Promise<Response> {
  const body = await parseBody(context, CartItems)
  if (!body.ok) return body.response
  const { items } = body.value
  return items.every(isProduct) ? json(carts.replace(sessionId, items)) : noSuchProduct()
}

async function addItem(context: Context, { sessionId }: Identity, carts: Carts): Promise<Response> {
  const body = await parseBody(context, CartItem)
  if (!body.ok) return body.response
  return isProduct(body.value) ? json(carts.add(sessionId, body.value), 201) : noSuchProduct()
}

async function changeItem(context: Context, { sessionId }: Identity, carts: Carts): Promise<Response> {
  const body = await parseBody(context, Quantity)
  if (!body.ok) return body.response
  const cart = carts.change(sessionId, { productId: context.req.param('productId') ?? '', ...body.value })
  return cart ? json(cart) : notInCart()
}

function isProduct({ productId }: CartItem): boolean {
  return productIds.has(productId)
}

function noSuchProduct(): Response {
  return problem(404, 'There is no such product')
}

function notInCart(): Response {
  return problem(404, 'The cart holds no such product')
}
