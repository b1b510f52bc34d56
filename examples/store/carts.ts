import type { Context } from 'hono'
import type { Auth, Identity } from './auth.ts'
import { catalogue } from './catalogue.ts'
import { RecentMap } from './recent-map.ts'
import { json, parseBody, problem, type Routes } from './respond.ts'
import { type Cart, CartItem } from './schemas.ts'

/** The carts of one store, by session. */
export interface Carts {
  view(sessionId: string): Cart
  add(sessionId: string, item: CartItem): Cart
  /** Removes the cart, and returns what was in it. */
  take(sessionId: string): Cart
  clear(): void
}

/** Abandoned carts are forgotten, the oldest first, once so many are newer. */
const cartCapacity = 50_000
const priceCentsById = new Map(catalogue.map((product) => [product.id, product.priceCents]))

/** Creates the carts of one store. */
export function createCarts(): Carts {
  const quantitiesBySession = new RecentMap<string, Map<string, number>>(cartCapacity)
  const view = (sessionId: string): Cart => toCart(quantitiesBySession.get(sessionId))
  return {
    view,
    add: (sessionId, { productId, quantity }) => {
      const quantities = quantitiesBySession.get(sessionId) ?? new Map<string, number>()
      quantities.set(productId, (quantities.get(productId) ?? 0) + quantity)
      quantitiesBySession.set(sessionId, quantities)
      return toCart(quantities)
    },
    take: (sessionId) => {
      const cart = view(sessionId)
      quantitiesBySession.delete(sessionId)
      return cart
    },
    clear: () => quantitiesBySession.clear(),
  }
}

/** The routes of the cart. */
export function cartRoutes(carts: Carts, { authenticated }: Auth): Routes {
  return {
    'GET /cart': authenticated((_, { sessionId }) => json(carts.view(sessionId))),
    'POST /cart/items': authenticated((context, identity) => addItem(context, identity, carts)),
  }
}

async function addItem(context: Context, { sessionId }: Identity, carts: Carts): Promise<Response> {
  const body = await parseBody(context, CartItem)
  if (!body.ok) return body.response
  if (!priceCentsById.has(body.value.productId)) return problem(404, 'There is no such product')
  return json(carts.add(sessionId, body.value), 201)
}

function toCart(quantities: ReadonlyMap<string, number> = new Map()): Cart {
  const items = Array.from(quantities, ([productId, quantity]) => ({
    productId,
    quantity,
    lineTotalCents: quantity * (priceCentsById.get(productId) ?? 0),
  }))
  return { items, totalCents: items.reduce((total, item) => total + item.lineTotalCents, 0) }
}
