import { RecentMap } from './recent-map.ts'
import type { Cart, Order } from './schemas.ts'

/** The orders of one store. */
export interface Orders {
  place(email: string, cart: Cart, idempotencyKey: string | undefined): Order
  /** The order that this customer placed with this key before. */
  findByKey(email: string, idempotencyKey: string): Order | undefined
  /** The order, if it is one of this customer. */
  find(email: string, orderId: string): Order | undefined
  /** The newest orders of this customer, the newest first. */
  latest(email: string): Order[]
  clear(): void
}

const latestCount = 20

/**
 * Creates the orders of one store.
 *
 * @param capacity - how many orders are kept at least, over all customers: those of one customer would be too few where
 * all virtual users log in as the same one
 */
export function createOrders(capacity: number): Orders {
  const ordersById = new RecentMap<string, { email: string; order: Order }>(capacity)
  const ordersByKey = new RecentMap<string, Order>(capacity)
  // Ids and no orders: whatever is listed here, no more than the capacity stays in memory.
  const latestIds = new RecentMap<string, string[]>(capacity)
  let placedCount = 0
  const find = (email: string, orderId: string): Order | undefined => {
    const found = ordersById.get(orderId)
    return found?.email === email ? found.order : undefined
  }
  return {
    find,
    place: (email, cart, idempotencyKey) => {
      const order: Order = { id: `o-${++placedCount}`, status: 'confirmed', ...cart }
      ordersById.set(order.id, { email, order })
      if (idempotencyKey !== undefined) ordersByKey.set(`${email} ${idempotencyKey}`, order)
      latestIds.set(email, [order.id, ...(latestIds.get(email) ?? [])].slice(0, latestCount))
      return order
    },
    findByKey: (email, idempotencyKey) => ordersByKey.get(`${email} ${idempotencyKey}`),
    latest: (email) => (latestIds.get(email) ?? []).flatMap((orderId) => find(email, orderId) ?? []),
    clear: () => {
      for (const table of [ordersById, ordersByKey, latestIds]) table.clear()
      placedCount = 0
    },
  }
}
