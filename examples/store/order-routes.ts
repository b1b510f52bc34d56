import type { Context } from 'hono'
import type { Authenticated } from './auth.ts'
import type { Carts } from './carts.ts'
import type { Orders } from './orders.ts'
import { json, parse, problem, type Routes } from './respond.ts'
import { OrderQuery } from './schemas.ts'
import type { Identity } from './tokens.ts'

/** What ordering works with. */
export interface OrderState {
  orders: Orders
  carts: Carts
}

const maxKeyLength = 255

/** The routes of the orders. */
export function orderRoutes(state: OrderState, authenticated: Authenticated): Routes {
  const { orders } = state
  return {
    'POST /orders': authenticated((context, identity) => checkout(context, identity, state)),
    'GET /orders': authenticated((context, { email }) => {
      const query = parse(OrderQuery, context.req.query())
      if (!query.ok) return query.response
      const { status } = query.value
      return json(orders.latest(email).filter((order) => (status ?? order.status) === order.status))
    }),
    'GET /orders/:id': authenticated((context, { email }) => {
      const order = orders.find(email, context.req.param('id') ?? '')
      return order ? json(order) : noSuchOrder()
    }),
    'POST /orders/:id/cancel': authenticated((context, { email }) => {
      const order = orders.find(email, context.req.param('id') ?? '')
      if (!order) return noSuchOrder()
      if (order.status === 'cancelled') return problem(409, 'The order is cancelled already')
      order.status = 'cancelled'
      return json(order)
    }),
  }
}

function checkout(context: Context, { email, sessionId }: Identity, { orders, carts }: OrderState): Response {
  const key = context.req.header('idempotency-key')
  if (key !== undefined && key.length > maxKeyLength) return invalidKey()
  const earlier = key === undefined ? undefined : orders.findByKey(email, key)
  if (earlier) return json(earlier, 200, { 'idempotency-replayed': 'true' })
  const cart = carts.take(sessionId)
  if (cart.items.length === 0) return problem(409, 'The cart is empty')
  return json(orders.place(email, cart, key), 201)
}

function invalidKey(): Response {
  const message = `Must have at most ${maxKeyLength} characters`
  return problem(400, 'The request is invalid', [{ path: 'idempotency-key', message }])
}

function noSuchOrder(): Response {
  return problem(404, 'There is no such order')
}
