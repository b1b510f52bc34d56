import { catalogue } from './catalogue.ts'
import { RecentMap } from './recent-map.ts'
import type { Cart, CartItem } from './schemas.ts'

/** The carts of one store, by session. Products that the catalogue does not have are up to the caller. */
export interface Carts {
  view(sessionId: string): Cart
  add(sessionId: string, item: CartItem): Cart
  /** Empties the cart and adds all of `items`. */
  replace(sessionId: string, items: readonly CartItem[]): Cart
  /** Sets the quantity of what the cart holds already; `undefined` when it does not. */
  change(sessionId: string, item: CartItem): Cart | undefined
  /** Whether the cart held the product. */
  remove(sessionId: string, productId: string): boolean
  /** Removes the cart, and returns what was in it. */
  take(sessionId: string): Cart
  clear(): void
}

type Quantities = Map<string, number>

const priceCentsById = new Map(catalogue.map((product) => [product.id, product.priceCents]))

/**
 * Creates the carts of one store.
 *
 * @param capacity - abandoned carts are forgotten, the oldest first, once at least so many are newer
 */
export function createCarts(capacity: number): Carts {
  const carts = new RecentMap<string, Quantities>(capacity)
  const view = (sessionId: string): Cart => toCart(carts.get(sessionId))
  const addAll = (sessionId: string, items: readonly CartItem[], quantities: Quantities = new Map()): Cart => {
    for (const item of items) quantities.set(item.productId, (quantities.get(item.productId) ?? 0) + item.quantity)
    carts.set(sessionId, quantities)
    return toCart(quantities)
  }
  return {
    view,
    add: (sessionId, item) => addAll(sessionId, [item], carts.get(sessionId)),
    replace: (sessionId, items) => addAll(sessionId, items),
    change: (sessionId, { productId, quantity }) => {
      const quantities = carts.get(sessionId)
      return quantities?.has(productId) ? toCart(quantities.set(productId, quantity)) : undefined
    },
    remove: (sessionId, productId) => carts.get(sessionId)?.delete(productId) ?? false,
    take: (sessionId) => {
      const cart = view(sessionId)
      carts.delete(sessionId)
      return cart
    },
    clear: () => carts.clear(),
  }
}

function toCart(quantities: ReadonlyMap<string, number> = new Map()): Cart {
  const items = Array.from(quantities, ([productId, quantity]) => ({
    productId,
    quantity,
    lineTotalCents: quantity * (priceCentsById.get(productId) ?? 0),
  }))
  return { items, totalCents: items.reduce((total, item) => total + item.lineTotalCents, 0) }
}
