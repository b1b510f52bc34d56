import { delay, http, HttpResponse } from 'msw'

const products = [
  { id: 'p-1', name: 'Desk lamp', priceCents: 2490 },
  { id: 'p-2', name: 'Floor lamp', priceCents: 7990 },
]
let orders = 0

export const handlers = [
  http.get('*/products/:id', async ({ params }) => {
    await delay(20)
    const product = products.find(({ id }) => id === params['id'])
    return product === undefined ? new HttpResponse(null, { status: 404 }) : HttpResponse.json(product)
  }),
  http.post('*/orders', async ({ request }) => {
    await delay(50)
    orders += 1
    return HttpResponse.json({ id: `o-${orders}`, ...((await request.json()) as object) }, { status: 201 })
  }),
]
