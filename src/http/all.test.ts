import { describe, expect, it } from 'vitest'
import { startServer } from './fixtures/servers.ts'
import { createVisitor, type Visitor } from './fixtures/visitor.ts'
import { http } from './http.ts'

interface Visit {
  readonly visitor: Visitor
  /** The most requests that were under way at once. */
  readonly most: () => number
  readonly urls: string[]
}

/** A user of a server that takes its time, and knows of no `/missing`. */
async function visit(config: { readonly parallel?: number } = {}): Promise<Visit> {
  const urls: string[] = []
  let open = 0
  let most = 0
  const server = await startServer((request, response) => {
    urls.push(request.url ?? '')
    open += 1
    most = Math.max(most, open)
    setTimeout(() => {
      open -= 1
      response.writeHead(request.url === '/missing' ? 404 : 200).end(JSON.stringify(request.url))
    }, 15)
  })
  return { visitor: createVisitor({ baseUrl: server.origin, ...config }), most: () => most, urls }
}

const ten = Array.from({ length: 10 }, (_, index) => () => http.get(`/page-${String(index)}a`).json())

describe('http.all', () => {
  it('gives what each request came to, by its place or its name', async () => {
    const { visitor } = await visit()
    const [first, second] = await visitor.run(() => http.all([() => http.get('/a'), () => http.get('/b').json()]))
    expect([first.status, second]).toEqual([200, '/b'])
    const named = await visitor.run(() => http.all({ a: () => http.get('/a').text(), b: async () => 7 }))
    expect(named).toEqual({ a: '"/a"', b: 7 })
    expect(await visitor.run(() => http.all([]))).toEqual([])
    expect(await visitor.run(() => http.all({}))).toEqual({})
  })

  it('keeps the order whatever ends first', async () => {
    const { visitor } = await visit()
    expect(await visitor.run(() => http.all(ten))).toEqual(ten.map((_, index) => `/page-${String(index)}a`))
  })

  it.each([
    [{}, {}, 6],
    [{ parallel: 3 }, {}, 3],
    [{}, { parallel: 2 }, 2],
  ])('makes no more at once than allowed: %o %o', async (config, options, expected) => {
    const { visitor, most } = await visit(config)
    await visitor.run(() => http.all(ten, options))
    expect(most()).toBe(expected)
  })

  it('makes no further request after one that throws, and waits for those under way', async () => {
    const { visitor, urls } = await visit()
    const ended: string[] = []
    const get = (path: string) => async (): Promise<void> => {
      await http.get(path).expect(200)
      ended.push(path)
    }
    const tasks = ['/a', '/missing', '/b', '/c', '/d', '/e'].map(get)
    await expect(visitor.run(() => http.all(tasks, { parallel: 2 }))).rejects.toMatchObject({ category: 'http_4xx' })
    expect(urls).not.toContain('/d')
    expect(urls).toHaveLength(ended.length + 1)
    expect(visitor.frame.inFlight).toBe(0)
  })

  it('refuses what is no function, and a limit that is none', async () => {
    const { visitor } = await visit()
    const run = (tasks: unknown, options?: unknown): Promise<unknown> =>
      visitor.run(() => http.all(tasks as never, options as never))
    await expect(run([() => 1, http.get, 3])).rejects.toThrow('http.all(): 2: expected a function')
    await expect(visitor.run(() => http.all([http.get('/a')] as never))).rejects.toThrow('has started already')
    await expect(visitor.run(() => http.all(http.get('/a') as never))).rejects.toThrow('has started already')
    await expect(run([], { paralel: 2 })).rejects.toThrow("paralel: unknown option; did you mean 'parallel'?")
    await expect(run(7)).rejects.toMatchObject({ code: 'ERR_LOAD_OPTIONS' })
    await expect(run([], { parallel: 0 })).rejects.toThrow('parallel: expected a whole number from 1, received 0')
  })
})
