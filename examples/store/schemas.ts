import { z } from 'zod'

/**
 * What the store accepts and answers. Each name is both a zod schema and the type that it parses to,
 * so that a load spec can write `.json(Product)` and get a `Product`.
 */

/** A row of the catalogue. Orders leave the stock alone, so that a load test never sells the store out. */
export const Product = z.object({
  id: z.string(),
  name: z.string(),
  category: z.string(),
  priceCents: z.int().nonnegative(),
  stock: z.int().nonnegative(),
})
export type Product = z.infer<typeof Product>

/** Who signs in: the body of `POST /auth/login`, and a row of `users`. */
export const User = z.object({ email: z.email().toLowerCase(), password: z.string().min(1).max(100) })
export type User = z.infer<typeof User>

/** The body of `POST /auth/register`. */
export const Registration = z.object({
  email: z.email().toLowerCase(),
  password: z.string().min(8).max(100),
  name: z.string().min(1).max(100),
})
export type Registration = z.infer<typeof Registration>

/** A customer as the others may see one: the answer of `GET /auth/me`. */
export const Account = Registration.pick({ email: true, name: true })
export type Account = z.infer<typeof Account>

/** The answer to whoever registers, logs in or refreshes. */
export const Token = z.object({ token: z.string().min(1), expiresInSeconds: z.int().positive() })
export type Token = z.infer<typeof Token>

const quantity = z.int().min(1).max(100)

/** The body of `POST /cart/items`; the quantity is 1 when left out. */
export const CartItem = z.object({ productId: z.string(), quantity: quantity.default(1) })
export type CartItem = z.infer<typeof CartItem>

/** The body of `PUT /cart`: all that the cart is to hold. */
export const CartItems = z.object({ items: CartItem.array().max(100) })
export type CartItems = z.infer<typeof CartItems>

/** The body of `PATCH /cart/items/:productId`. */
export const Quantity = z.object({ quantity })
export type Quantity = z.infer<typeof Quantity>

/** One product of a cart or an order. */
const Line = z.object({
  productId: z.string(),
  quantity: z.int().positive(),
  lineTotalCents: z.int().nonnegative(),
})

/** What a session is about to buy. */
export const Cart = z.object({ items: Line.array(), totalCents: z.int().nonnegative() })
export type Cart = z.infer<typeof Cart>

const status = z.enum(['confirmed', 'cancelled'])

/** A cart that was bought. */
export const Order = Cart.extend({ id: z.string(), status })
export type Order = z.infer<typeof Order>

/** The data of each event of `GET /orders/:id/events`. */
export const OrderEvent = z.object({
  orderId: z.string(),
  status: z.enum(['confirmed', 'packed', 'shipped', 'delivered', 'cancelled']),
})
export type OrderEvent = z.infer<typeof OrderEvent>

/** The answer of `GET /vouchers/:code`. */
export const Voucher = z.object({ code: z.string(), percentOff: z.int().min(1).max(100) })
export type Voucher = z.infer<typeof Voucher>

const rating = z.coerce.number<string>().int().min(1).max(5)
const text = z.string().min(1).max(1_000)

/** The form that `POST /products/:id/reviews` takes, as `multipart/form-data`. */
export const ReviewForm = z.object({ rating, text, photo: z.instanceof(Blob).optional() })
export type ReviewForm = z.infer<typeof ReviewForm>

/** A review as the store has understood it. */
export const Review = z.object({
  productId: z.string(),
  rating: z.int(),
  text: z.string(),
  photo: z.object({ type: z.string(), bytes: z.int().nonnegative() }).optional(),
})
export type Review = z.infer<typeof Review>

/** The query of `GET /orders`. */
export const OrderQuery = z.object({ status: status.optional() })
export type OrderQuery = z.infer<typeof OrderQuery>

const priceCents = z.coerce.number<string>().int().min(0).optional()

/** The query of `GET /products`. A minus sorts downwards. */
export const ProductQuery = z.object({
  q: z.string().toLowerCase().default(''),
  category: z.string().optional(),
  minPriceCents: priceCents,
  maxPriceCents: priceCents,
  sort: z.enum(['price', '-price', 'name', '-name']).optional(),
  limit: z.coerce.number<string>().int().min(1).max(50).default(20),
  offset: z.coerce.number<string>().int().min(0).default(0),
})
export type ProductQuery = z.infer<typeof ProductQuery>

/** What every answer of 400 or more carries; `issues` tells where a request breaks its schema. */
export const Problem = z.object({
  error: z.string(),
  issues: z.object({ path: z.string(), message: z.string() }).array().optional(),
})
export type Problem = z.infer<typeof Problem>

/** What went over the sockets since the last reset, seen from the server. */
export const TransportStats = z.object({
  connectionsOpened: z.int().nonnegative(),
  /** Connections open now, those opened before the reset included. */
  connectionsOpen: z.int().nonnegative(),
  bytesReceived: z.int().nonnegative(),
  bytesSent: z.int().nonnegative(),
})
export type TransportStats = z.infer<typeof TransportStats>

/** The answer of `GET /__stats`: the server's own count of what a load test claims to have sent. */
export const Stats = z.object({
  requests: z.int().nonnegative(),
  /** Requests by route (`GET /products/:id`, or `*` where none answered), then by status. */
  routes: z.record(z.string(), z.record(z.string(), z.int().positive())),
  /** `null` where there are no sockets, as with MSW. */
  transport: TransportStats.nullable(),
})
export type Stats = z.infer<typeof Stats>
