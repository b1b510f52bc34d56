import type { Context } from 'hono'
import type { Auth, Identity } from './auth.ts'
import type { Carts } from './carts.ts'
import { RecentMap } from './recent-map.ts'
import { json, problem, type Routes } from './respond.ts'
import type { Cart, Order } from './schemas.ts'

/** The orders of one store. */
export interface Orders {
  place(userId: number, cart: Cart, idempotencyKey: string | undefined): Order
  /** The order that `userId` placed with this key before. */
  findByKey(userId: number, idempotencyKey: string): Order | undefined
  /** The order, if it is one of `userId`. */
  find(userId: number, orderId: string): Order | undefined
  /** The newest orders of `userId`, the newest first. */
  latest(userId: number): readonly Order[]
  clear(): void
}

/** Over all users: those of one user would be too few where all virtual users log in as the same one. */
const orderCapacity = 50_000
const latestCount = 20
const maxKeyLength = 255

/** Creates the orders of one store. */
export function createOrders(): Orders {
  const ordersById = new RecentMap<string, { userId: number; order: Order }>(orderCapacity)
  const ordersByKey = new RecentMap<string, Order>(orderCapacity)
  const latestByUser = new Map<number, Order[]>()
  let placedCount = 0
  return {
    place: (userId, cart, idempotencyKey) => {
      const order: Order = { id: `o-${++placedCount}`, status: 'confirmed', ...cart }
      ordersById.set(order.id, { userId, order })
      if (idempotencyKey !== undefined) ordersByKey.set(`${userId} ${idempotencyKey}`, order)
      latestByUser.set(userId, [order, ...(latestByUser.get(userId) ?? [])].slice(0, latestCount))
      return order
    },
    findByKey: (userId, idempotencyKey) => ordersByKey.get(`${userId} ${idempotencyKey}`),
    find: (userId, orderId) => {
      const found = ordersById.get(orderId)
      return found?.userId === userId ? found.order : undefined
    },
    latest: (userId) => latestByUser.get(userId) ?? [],
    clear: () => {
      for (const table of [ordersById, ordersByKey, latestByUser]) table.clear()
      placedCount = 0
    },
  }
}

/** The routes of the orders. */
export function orderRoutes(orders: Orders, carts: Carts, { authenticated }: Auth): Routes {
  return {
    'POST /orders': authenticated((context, identity) => checkout(context, identity, orders, carts)),
    'GET /orders': authenticated((_, { userId }) => json(orders.latest(userId))),
    'GET /orders/:id': authenticated((context, { userId }) => {
      const order = orders.find(userId, context.req.param('id') ?? '')
      return order ? json(order) : problem(404, 'There is no such order')
    }),
  }
}

function checkout(context: Context, { userId, sessionId }: Identity, orders: Orders, carts: Carts): Response {
  const key = context.req.raw.headers.get('idempotency-key') ?? undefined
  if (key !== undefined && key.length > maxKeyLength) return invalidKey()
  const earlier = key === undefined ? undefined : orders.findByKey(userId, key)
  if (earlier) return json(earlier)
  const cart = carts.take(sessionId)
  if (cart.items.length === 0) return problem(409, 'The cart is empty')
  return json(orders.place(userId, cart, key), 201)
}

function invalidKey(): Response {
  const message = `Must have at most ${maxKeyLength} characters`
  return problem(400, 'The request is invalid', [{ path: 'idempotency-key', message }])
}
