import { z } from 'zod'

/**
 * What the store accepts and answers. Each name is both a zod schema and the type that it parses to,
 * so that a load spec can write `.json(Product)` and get a `Product`.
 */

/** A row of the catalogue. */
export interface Product {
  id: string
  name: string
  category: string
  /** Price of one piece, in cents. */
  priceCents: number
  /** Pieces in stock. Orders leave it alone, so that a load test never sells the store out. */
  stock: number
}
export const Product: z.ZodType<Product> = z.object({
  id: z.string(),
  name: z.string(),
  category: z.string(),
  priceCents: z.int().nonnegative(),
  stock: z.int().nonnegative(),
})

/** A customer: the body of `POST /auth/login`, and a row of {@link users}. */
export interface User {
  email: string
  password: string
}
export const User: z.ZodType<User> = z.object({ email: z.email(), password: z.string().min(1) })

/** The answer of `POST /auth/login`. */
export interface Token {
  token: string
  expiresInSeconds: number
}
export const Token: z.ZodType<Token> = z.object({ token: z.string().min(1), expiresInSeconds: z.int().positive() })

/** The body of `POST /cart/items`; the quantity is 1 when left out. */
export interface CartItem {
  productId: string
  quantity: number
}
export const CartItem: z.ZodType<CartItem> = z.object({
  productId: z.string(),
  quantity: z.int().min(1).max(100).default(1),
})

/** One product of a cart or an order. */
export interface Line {
  productId: string
  quantity: number
  lineTotalCents: number
}
export const Line: z.ZodType<Line> = z.object({
  productId: z.string(),
  quantity: z.int().positive(),
  lineTotalCents: z.int().nonnegative(),
})

/** What a session is about to buy. */
export interface Cart {
  items: Line[]
  totalCents: number
}
export const Cart: z.ZodType<Cart> = z.object({ items: Line.array(), totalCents: z.int().nonnegative() })

/** A cart that was bought. */
export interface Order extends Cart {
  id: string
  status: 'confirmed' | 'cancelled'
}
export const Order: z.ZodType<Order> = z.object({
  id: z.string(),
  status: z.enum(['confirmed', 'cancelled']),
  items: Line.array(),
  totalCents: z.int().nonnegative(),
})

/** What every answer of 400 or more carries. */
export interface Problem {
  error: string
  /** Only with 400: where the request breaks its schema. */
  issues?: { path: string; message: string }[] | undefined
}
export const Problem: z.ZodType<Problem> = z.object({
  error: z.string(),
  issues: z.object({ path: z.string(), message: z.string() }).array().optional(),
})

/** What went over the sockets since the last reset, seen from the server. */
export interface TransportStats {
  connectionsOpened: number
  /** Connections open now, those opened before the reset included. */
  connectionsOpen: number
  bytesReceived: number
  bytesSent: number
}
export const TransportStats: z.ZodType<TransportStats> = z.object({
  connectionsOpened: z.int().nonnegative(),
  connectionsOpen: z.int().nonnegative(),
  bytesReceived: z.int().nonnegative(),
  bytesSent: z.int().nonnegative(),
})

/** The answer of `GET /__stats`: the server's own count of what a load test claims to have sent. */
export interface Stats {
  requests: number
  /** Requests by route (`GET /products/:id`, or `*` where none answered), then by status. */
  routes: Record<string, Record<string, number>>
  /** `null` where there are no sockets, as with MSW. */
  transport: TransportStats | null
}
export const Stats: z.ZodType<Stats> = z.object({
  requests: z.int().nonnegative(),
  routes: z.record(z.string(), z.record(z.string(), z.int().positive())),
  transport: TransportStats.nullable(),
})
