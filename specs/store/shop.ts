import { http, vu } from 'vitest-load'
import type { z } from 'zod'
import { Cart, type CartItem, Order, Product, type ProductQuery } from '../../examples/store/schemas.ts'

/** What customers do in the store, for the scenarios to put together. A request that is not answered as wanted throws. */

type Query = Partial<ProductQuery>

/** The products that match, at most 20 unless the query says otherwise. */
export function findProducts(query: Query = {}, name: string = 'GET /products'): Promise<Product[]> {
  return http.get('/products', { query, name }).expect(200).json(Product.array())
}

/** The products of this page and of all that follow it, as its links say. */
export async function followPages(url: string): Promise<Product[]> {
  const page = await http.get(url).expect(200)
  const products = await page.json(Product.array())
  const next = /<([^>]+)>; rel="next"/.exec(page.header('link') ?? '')?.[1]
  return next === undefined ? products : [...products, ...(await followPages(next))]
}

/** One product, with all that is known of it. */
export function showProduct(id: string): Promise<Product> {
  return http.get('/products/:id', { params: { id } }).expect(200).json(Product)
}

/** Any of `items`, by the random numbers of this iteration: the same for the same seed. */
export function pick<Item>(items: readonly Item[]): Item {
  return items[Math.floor(vu.random() * items.length)] ?? vu.fail('there is nothing to pick from')
}

/** Adds a product to the cart of this session, and returns what is in it now. */
export function addToCart(bearer: string, item: z.input<typeof CartItem>): Promise<Cart> {
  return http.post('/cart/items', { json: item, bearer }).expect(201).json(Cart)
}

/** Orders what is in the cart. A key that was used before gives the order of that time. */
export function checkout(bearer: string, key: string = vu.uniqueId()): Promise<Order> {
  const headers = { 'idempotency-key': key }
  return http.post('/orders', { bearer, headers }).expect([200, 201]).json(Order)
}
