import { describe, expectTypeOf, it } from 'vitest'
import { http, session, type BodyReader, type HttpResponse, type ServerSentEvent } from 'vitest-load'
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

describe('a value read by JSONPath', () => {
  it('is unknown without a schema, and has the output of one', async () => {
    expectTypeOf(await http.get('/orders').jsonPath('$..id', { filters: true })).toEqualTypeOf<unknown>()
    expectTypeOf(await http.get('/login').expect(200).jsonPath('$.token', z.string())).toEqualTypeOf<string>()
    expectTypeOf(await http.get('/orders').jsonPath('$[0]', orderByHand)).toEqualTypeOf<Order>()
    const response = await http.get('/orders')
    expectTypeOf(await response.jsonPath('$[*].id', z.array(z.string()), { filters: true })).toEqualTypeOf<string[]>()
    // @ts-expect-error -- misspelt: it is `filters`
    void response.jsonPath('$[*].id', { filter: true })
    // @ts-expect-error -- a type guard is no schema
    void response.jsonPath('$.id', (value: unknown) => value)
  })
})

describe('a match', () => {
  it('has the named groups of a text', async () => {
    const found = await http.get('/orders').match('id=(?<id>\\d+)&state=(?<state>\\w+)')
    expectTypeOf(found.groups).toEqualTypeOf<{ readonly id: string; readonly state: string }>()
    expectTypeOf(found[0]).toEqualTypeOf<string>()
    expectTypeOf(found[1]).toEqualTypeOf<string | undefined>()
    expectTypeOf(found.index).toEqualTypeOf<number>()
    // @ts-expect-error -- misspelt: it is `state`
    void found.groups.sate
  })

  it('takes no other brackets for groups', async () => {
    const escaped = await http.get('/').match('\\(?<b>[(?<no>](?<=x)(?<!y)(?:z)\\\\(?<price>[^<]+)')
    expectTypeOf(escaped.groups).toEqualTypeOf<{ readonly price: string }>()
    const none = await http.get('/').match('(\\d+)')
    // @ts-expect-error -- no group has a name
    void none.groups.id
  })

  it('has the named groups that are told of a RegExp, and any of what is not known', async () => {
    const response = await http.get('/orders')
    expectTypeOf((await response.match<'id'>(/id=(?<id>\d+)/)).groups).toEqualTypeOf<{ readonly id: string }>()
    const { groups } = await response.match(new RegExp(anyUrl))
    expectTypeOf(groups['id']).toEqualTypeOf<string | undefined>()
    const found = await response.match(anyUrl)
    expectTypeOf(found.groups).toEqualTypeOf<{ readonly [name: string]: string }>()
  })
})

describe('a header of a pending request', () => {
  it('is there', async () => {
    expectTypeOf(await http.get('/orders').expect(302).header('location')).toEqualTypeOf<string>()
  })
})

describe('what a selector or XPath finds', () => {
  it('is a text, or all of them', async () => {
    expectTypeOf(await http.get('/').css('h1')).toEqualTypeOf<string>()
    expectTypeOf(await http.get('/').css('a', { attribute: 'href' })).toEqualTypeOf<string>()
    expectTypeOf(await http.get('/').css('a', { attribute: 'href', all: true })).toEqualTypeOf<string[]>()
    // @ts-expect-error -- misspelt: it is `attribute`
    void http.get('/').css('a', { attr: 'href' })
  })

  it('is what it is read as', async () => {
    const response = await http.get('/')
    expectTypeOf(await response.xpath('//id')).toEqualTypeOf<string>()
    expectTypeOf(await response.xpath('//o:id', { namespaces: { o: 'urn:o' }, all: true })).toEqualTypeOf<string[]>()
    expectTypeOf(await response.xpath('count(//id)', { as: 'number' })).toEqualTypeOf<number>()
    expectTypeOf(await response.xpath('//id', { as: 'boolean' })).toEqualTypeOf<boolean>()
    // @ts-expect-error -- all are texts
    void response.xpath('//id', { as: 'number', all: true })
  })
})

describe('an expectation of more than the status', () => {
  it('has classes and ranges of statuses', () => {
    void http.get('/orders').expect('2xx')
    void http.get('/orders').expect([{ min: 200, max: 204 }, '4xx', 503])
    // @ts-expect-error -- there is no such class
    void http.get('/orders').expect('1xx')
    // @ts-expect-error -- where does it end?
    void http.get('/orders').expect({ min: 200 })
  })

  it('has headers, body and latency', () => {
    void http.get('/orders').expect({ status: '2xx', headers: { etag: true, via: /x/, 'x-a': 'b' }, latency: '300ms' })
    void http.get('/orders').expect({ body: (text) => text.length > 0 })
    // @ts-expect-error -- misspelt: it is `headers`
    void http.get('/orders').expect({ header: { etag: true } })
    // @ts-expect-error -- a condition is a boolean
    void http.get('/orders').expect({ body: (text) => text.length })
    // @ts-expect-error -- a duration
    void http.get('/orders').expect({ latency: true })
  })
})

describe('a stream', () => {
  it('has items of the type that was asked for', () => {
    const pending = http.get('/events').expect(200)
    expectTypeOf(pending.lines()).toEqualTypeOf<BodyReader<string>>()
    expectTypeOf(pending.chunks()).toEqualTypeOf<BodyReader<Uint8Array>>()
    expectTypeOf(pending.events()).toEqualTypeOf<BodyReader<ServerSentEvent>>()
    expectTypeOf(pending.events(orderByHand)).toEqualTypeOf<BodyReader<ServerSentEvent<Order>>>()
  })

  it('has events whose data the schema tells', async () => {
    for await (const { data, event, id: eventId, retry } of http.get('/events').events(z.object({ count: z.int() }))) {
      expectTypeOf(data).toEqualTypeOf<{ count: number }>()
      expectTypeOf(event).toEqualTypeOf<string>()
      expectTypeOf(eventId).toEqualTypeOf<string | undefined>()
      expectTypeOf(retry).toEqualTypeOf<number | undefined>()
      // @ts-expect-error -- misspelt: it is `count`
      void data.cuont
    }
  })
})

describe('several requests at once', () => {
  it('come to what each of them does', async () => {
    const [page, order, seven] = await http.all([
      () => http.get('/page'),
      () => http.get('/order').json(orderByHand),
      async () => 7,
    ])
    expectTypeOf(page).toEqualTypeOf<HttpResponse>()
    expectTypeOf(order).toEqualTypeOf<Order>()
    expectTypeOf(seven).toEqualTypeOf<number>()
    const named = await http.all({ page: () => http.get('/page'), order: () => http.get('/order').json(orderByHand) })
    expectTypeOf(named).toEqualTypeOf<{ page: HttpResponse; order: Order }>()
    const many = await http.all(['a', 'b'].map((name) => () => http.get(`/pages/${name}`).text()))
    expectTypeOf(many).toEqualTypeOf<string[]>()
  })

  it('are functions', () => {
    // @ts-expect-error -- it has started already
    void http.all([http.get('/page')])
    // @ts-expect-error -- misspelt: it is `parallel`
    void http.all([() => http.get('/page')], { paralel: 2 })
  })
})

describe('a retry', () => {
  it('is a number or what it is made of', () => {
    void http.get('/page', { retry: 2 })
    void http.get('/page', { retry: { limit: 1, errors: ['timeout'], statuses: [404], methods: ['GET'], delay: '1s' } })
    // @ts-expect-error -- an assertion is nothing that another attempt changes
    void http.get('/page', { retry: { errors: ['assertion'] } })
    // @ts-expect-error -- a number
    void http.get('/page', { retry: true })
  })
})

describe('a value of the session', () => {
  it('has the type that was said', async () => {
    const token = session<string>('token')
    expectTypeOf(token.get()).toEqualTypeOf<string | undefined>()
    expectTypeOf(await token.getOrCreate(async () => 'a')).toEqualTypeOf<string>()
    // @ts-expect-error -- a text
    token.set(7)
    // @ts-expect-error -- a text
    void token.getOrCreate(() => 7)
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
