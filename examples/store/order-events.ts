import type { Context } from 'hono'
import { z } from 'zod'
import type { Authenticated } from './auth.ts'
import type { Orders } from './orders.ts'
import { parse, problem, type Routes } from './respond.ts'
import type { Order, OrderEvent } from './schemas.ts'
import type { Sleep } from './vary.ts'

const milestones = ['confirmed', 'packed', 'shipped', 'delivered'] as const
const maxIntervalMs = 1_000

/** The query of `GET /orders/:id/events`. */
const EventsQuery = z.object({ intervalMs: z.coerce.number<string>().int().min(0).max(maxIntervalMs).default(50) })

/** The route on which a customer follows an order to the door. */
export function orderEventRoutes(orders: Orders, authenticated: Authenticated, sleep: Sleep): Routes {
  return {
    'GET /orders/:id/events': authenticated((context, { email }) => {
      const order = orders.find(email, context.req.param('id') ?? '')
      if (!order) return problem(404, 'There is no such order')
      const query = parse(EventsQuery, context.req.query())
      if (!query.ok) return query.response
      const events = encode(follow(order, lastSeen(context), () => sleep(query.value.intervalMs)))
      const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' }
      return new Response(ReadableStream.from(events), { headers })
    }),
  }
}

/** The number of the last event that a client has seen which comes back after its connection broke. */
function lastSeen(context: Context): number {
  return Number(context.req.header('last-event-id') ?? 0) || 0
}

/** What becomes of an order that nobody cancels meanwhile; each status with its number, from 1 on. */
async function* follow(
  order: Order,
  after: number,
  wait: () => Promise<unknown>,
): AsyncGenerator<[number, OrderEvent]> {
  const { id: orderId } = order
  for (const [index, status] of milestones.entries()) {
    if (index < after) continue
    if (index > 0 && order.status === 'confirmed') await wait()
    if (order.status === 'cancelled') {
      yield [milestones.length + 1, { orderId, status: 'cancelled' }]
      return
    }
    yield [index + 1, { orderId, status }]
  }
}

/** The format of server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html. */
async function* encode(events: AsyncIterable<[number, OrderEvent]>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const [id, event] of events) {
    yield encoder.encode(`id: ${id}\nevent: status\ndata: ${JSON.stringify(event)}\n\n`)
  }
}
