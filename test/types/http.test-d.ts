import { describe, expectTypeOf, it } from 'vitest'
import { http } from 'vitest-load'
import * as z from 'zod'

declare const id: string
declare const detailed: boolean
declare const anyUrl: string

/** A Standard Schema by hand, as a library other than zod has it: https://standardschema.dev. */
interface ByHand<Input, Output> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: 'by-hand'
    readonly validate: (value: unknown) => { readonly value: Output } | Promise<{ readonly value: Output }>
    readonly types?: { readonly input: Input; readonly output: Output }
  }
}

interface Order {
  readonly id: string
  readonly placedAt: Date
}

declare const orderByHand: ByHand<{ id: string; placedAt: string }, Order>

describe('the tags of a request', () => {
  it('are texts', () => {
    void http.get('/orders', { tags: { tenant: 'gold' } })
    // @ts-expect-error -- a text
    void http.get('/orders', { tags: { tenant: 5 } })
    // @ts-expect-error -- names and texts
    void http.get('/orders', { tags: ['gold'] })
  })
})

describe('the JSON of a response', () => {
  it('is unknown without a schema', async () => {
    expectTypeOf(http.get('/orders').json()).toEqualTypeOf<Promise<unknown>>()
    expectTypeOf(http.get('/orders').expect(200).json()).toEqualTypeOf<Promise<unknown>>()
    expectTypeOf((await http.get('/orders')).json()).toEqualTypeOf<Promise<unknown>>()
    expectTypeOf(http.get('/orders').jsonPath('$.id')).toEqualTypeOf<Promise<unknown>>()
  })

  it('has the output of a zod schema', async () => {
    const Product = z.object({ id: z.string(), priceCents: z.int() })
    const products = await http.get('/products').expect(200).json(Product.array())
    expectTypeOf(products).toEqualTypeOf<{ id: string; priceCents: number }[]>()
    // @ts-expect-error -- misspelt: it is `priceCents`
    void products[0]?.priceCent
  })

  it('has what a schema gives, not what it takes', async () => {
    const Length = z.string().transform((text) => text.length)
    expectTypeOf(await http.get('/name').json(Length)).toEqualTypeOf<number>()
    const Page = z.object({ size: z.number().default(10), at: z.string().transform(async (text) => new Date(text)) })
    expectTypeOf(await http.get('/page').json(Page)).toEqualTypeOf<{ size: number; at: Date }>()
  })

  it('has the output of any Standard Schema', async () => {
    expectTypeOf(await http.get('/orders').expect(200).json(orderByHand)).toEqualTypeOf<Order>()
    expectTypeOf(await (await http.get('/orders')).json(orderByHand)).toEqualTypeOf<Order>()
  })

  it('takes nothing but a schema', () => {
    // @ts-expect-error -- a type guard is no schema
    void http.get('/orders').json((value: unknown) => value)
  })
})

describe('the params of a path', () => {
  it('are those of the literal', () => {
    void http.get('/products/:id', { params: { id } })
    void http.put('/carts/:cartId/items/:itemId', { params: { cartId: id, itemId: 7 }, json: { quantity: 2 } })
    void http.get('/files/:name.json?raw=1', { params: { name: 'report' } })
    void http.request('PURGE', '/products/:id', { params: { id } })
  })

  it('are all wanted', () => {
    // @ts-expect-error -- `params` is missing
    void http.get('/products/:id')
    // @ts-expect-error -- `params` is missing among the options
    void http.get('/products/:id', { query: { full: true } })
    // @ts-expect-error -- `itemId` is missing
    void http.get('/carts/:cartId/items/:itemId', { params: { cartId: id } })
    // @ts-expect-error -- `params` is missing
    void http.request('PURGE', '/products/:id')
  })

  it('are spelt as in the path', () => {
    // @ts-expect-error -- misspelt: it is `id`
    void http.get('/products/:id', { params: { idd: id } })
    // @ts-expect-error -- the path has no `page`
    void http.get('/products/:id', { params: { id, page: 2 } })
    // @ts-expect-error -- the path has no places
    void http.get('/products', { params: { id } })
  })

  it('are strings and numbers', () => {
    // @ts-expect-error -- a boolean is no part of a path
    void http.get('/products/:id', { params: { id: true } })
    // @ts-expect-error -- it might be missing
    void http.get('/products/:id', { params: { id: detailed ? id : undefined } })
  })

  it('do not come from a port, a query or a URL object', () => {
    void http.get('http://127.0.0.1:3000/health')
    void http.get('http://127.0.0.1:3000')
    void http.get('/search?then=/orders/:id')
    void http.get(new URL('http://127.0.0.1:3000/orders/:id'))
    void http.get('http://127.0.0.1:3000/orders/:id', { params: { id } })
    // @ts-expect-error -- a port is not a place
    void http.get('http://127.0.0.1:3000/health', { params: { 3000: 1 } })
  })

  it('are found beside interpolated parts', () => {
    void http.get(`/products/${id}`)
    void http.get(`/carts/${id}/items/:itemId`, { params: { itemId: 7 } })
    void http.get(`${anyUrl}/items/:itemId`, { params: { itemId: 7 } })
    // @ts-expect-error -- `itemId` is missing
    void http.get(`/carts/${id}/items/:itemId`)
  })

  it('are those of either path where there are two', () => {
    const path = detailed ? '/products/:id' : '/products/:slug'
    // @ts-expect-error -- one of both needs params
    void http.get(path)
  })

  it('are any for a URL that is known at run time only', () => {
    void http.get(anyUrl)
    void http.get(anyUrl, { params: { id, page: 2 } })
    // @ts-expect-error -- a record of strings and numbers nevertheless
    void http.get(anyUrl, { params: { id: null } })
  })
})

describe('the options of a request', () => {
  it('are known by name', () => {
    void http.post('/orders', {
      json: { items: [] },
      bearer: 'token',
      timeout: '5s',
      redirect: 'manual',
      name: 'order',
    })
    void http.post('/login', { form: { user: 'ann', roles: ['a', 'b'], remember: true, next: undefined } })
    // @ts-expect-error -- misspelt: it is `headers`
    void http.get('/orders', { header: { accept: 'text/html' } })
    // @ts-expect-error -- misspelt beside `params`
    void http.get('/orders/:id', { params: { id }, bearrer: 'token' })
    // @ts-expect-error -- `redirect` is 'follow', 'manual' or 'error'
    void http.get('/orders', { redirect: 'never' })
    // @ts-expect-error -- a query is flat
    void http.get('/orders', { query: { filter: { open: true } } })
    // @ts-expect-error -- `basic` needs a password too
    void http.get('/orders', { basic: { username: 'ann' } })
  })

  it('fit every method', () => {
    for (const method of ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const) {
      expectTypeOf(http[method]('/orders').text()).toEqualTypeOf<Promise<string>>()
    }
    // @ts-expect-error -- there is no such method; `http.request` sends any
    void http.purge
  })
})

describe('an expectation', () => {
  it('is a status, several or a condition, and keeps the request', () => {
    expectTypeOf(http.get('/orders').expect(200)).toEqualTypeOf(http.get('/orders'))
    void http.get('/orders').expect([200, 404] as const)
    void http.get('/orders').expect((response) => response.header('etag') !== undefined)
    // @ts-expect-error -- a status is a number
    void http.get('/orders').expect('200')
    // @ts-expect-error -- a condition is a boolean
    void http.get('/orders').expect((response) => response.header('etag'))
  })

  it('gives a response whose headers may be missing', async () => {
    const response = await http.get('/orders').expect(200)
    expectTypeOf(response.header('etag')).toEqualTypeOf<string | undefined>()
    expectTypeOf(await response.bytes()).toEqualTypeOf<Uint8Array>()
    // @ts-expect-error -- misspelt: it is `status`
    void response.statusCode
  })
})

describe('what a request sends', () => {
  it('is one of the forms of a body', () => {
    void http.post('/', { body: new Blob([]) })
    void http.post('/', { body: new Blob([]).stream() })
    void http.post('/', { body: () => new Blob([]).stream() })
    void http.post('/', { body: async () => new Blob([]) })
    // @ts-expect-error -- for JSON there is json
    void http.post('/', { body: { a: 1 } })
    // @ts-expect-error -- for a form there is multipart
    void http.post('/', { body: new FormData() })
    void http.post('/', { json: {}, compress: 'gzip' })
    // @ts-expect-error -- not a coding
    void http.post('/', { json: {}, compress: 'lzma' })
  })

  it('can be a form of fields and files', () => {
    const file = { data: new Uint8Array(), filename: 'a.png', type: 'image/png' }
    void http.post('/', { multipart: { a: 1, b: ['x', true], c: file, d: [file, new Blob([])], e: undefined } })
    void http.post('/', { multipart: new FormData() })
    // @ts-expect-error -- a file has data
    void http.post('/', { multipart: { a: { filename: 'a.png' } } })
    // @ts-expect-error -- a promise, which was not awaited
    void http.post('/', { multipart: { a: Promise.resolve(new Blob([])) } })
  })

  it('may have several timeouts', () => {
    void http.get('/', { timeout: { total: '5s', headers: 500, body: '1s' } })
    // @ts-expect-error -- connecting has a timeout of the project
    void http.get('/', { timeout: { connect: '1s' } })
  })
})

describe('what an answer tells of its request', () => {
  it('are the redirects and the trace', async () => {
    const response = await http.get('/orders', { traceparent: true, discardBody: true, maxResponseBytes: 100 })
    expectTypeOf(response.traceId).toEqualTypeOf<string | undefined>()
    expectTypeOf(response.redirects[0]!.status).toEqualTypeOf<number>()
    expectTypeOf(response.redirects[0]!.location).toEqualTypeOf<string>()
  })
})
