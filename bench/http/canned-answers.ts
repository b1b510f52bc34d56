/** Bodies of the answers; a response of the one-request workload has 103 bytes. */
const health = { status: 'ok', service: 'canned store', version: '1.0.0', region: 'eu-central-1', commit: '8d1f0c2a7' }

export const session = '5f1d7a84c3b2496e'
export const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyLTEwMSIsImV4cCI6NDA3MDkwODgwMH0.kQ9sJ3'

const products = Array.from({ length: 6 }, (_, index) => ({
  id: 1200 + index,
  name: `Desk lamp ${index + 1}`,
  priceCents: 2490 + index * 100,
  stock: 40,
  tags: ['lamp', 'office'],
}))
const product = {
  ...products[0],
  description: 'A lamp with an arm of steel, a base of oak and a switch that clicks.',
  rating: 4.6,
}
const cart = { id: 'cart-77', items: [{ productId: 1200, quantity: 1, priceCents: 2490 }], totalCents: 2490 }
const order = { id: 'order-9001', status: 'confirmed', items: cart.items, totalCents: 2490 }

function answer(status: string, body: unknown, headers = ''): Buffer {
  const text = JSON.stringify(body)
  const length = Buffer.byteLength(text)
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n${headers}`
  return Buffer.from(`${head}Date: Fri, 21 Nov 2025 09:00:00 GMT\r\nConnection: keep-alive\r\n\r\n${text}`)
}

const notFound = answer('404 Not Found', { error: 'There is no such route' })
const unauthorised = answer('401 Unauthorized', { error: 'Log in first' })
const loggedIn = answer('200 OK', { token, userId: 'user-101' }, `Set-Cookie: session=${session}; Path=/; HttpOnly\r\n`)
const healthy = answer('200 OK', health)
const list = answer('200 OK', products)
const detail = answer('200 OK', product)
const cartAnswer = answer('201 Created', cart)
const orderAnswer = answer('201 Created', order)

/** The answer to a request, given as text from its first byte to the end of its headers. */
export function answerTo(head: string): Buffer {
  if (head.startsWith('GET /health ')) return healthy
  if (head.startsWith('POST /auth/login ')) return loggedIn
  // Every further request of the flow carries the cookie, and those that change something the token.
  if (!head.includes(`session=${session}`)) return unauthorised
  if (head.startsWith('GET /products?')) return list
  if (head.startsWith('GET /products/1200 ')) return detail
  if (!head.includes(`Bearer ${token}`)) return unauthorised
  if (head.startsWith('POST /cart/items ')) return cartAnswer
  return head.startsWith('POST /orders ') ? orderAnswer : notFound
}
