import { http as msw, HttpResponse, getResponse, type RequestHandler } from 'msw'
import { setupServer } from 'msw/node'
import { http } from '../../src/http/http.ts'
import { defaultHttpConfig } from '../../src/http/config.ts'
import { createOfflineTransport } from '../../src/offline/offline-transport.ts'
import { createUnhandledPolicy } from '../../src/offline/unhandled.ts'
import { LocalHost } from '../../src/engine/local-host.ts'
import { runEngine } from '../support/engine-run.ts'

// One way to ask MSW handlers: warms up, measures, and prints the CPU time as a line of JSON.

const baseUrl = 'http://shop.test'
const vus = 50

/** Handlers as an application has them: the one that answers is not the first. */
function createHandlers(before: number): RequestHandler[] {
  const others = Array.from({ length: before }, (_, index) => msw.get(`*/other-${index}/:id`, () => undefined))
  return [
    ...others,
    msw.get('*/products/:id', ({ params }) =>
      HttpResponse.json({ id: params['id'], name: 'Desk lamp', priceCents: 2490 }),
    ),
  ]
}

const url = `${baseUrl}/products/p-7`

/** Makes so many requests, one after the other. */
async function loop(requests: number, request: () => Promise<unknown>): Promise<void> {
  for (let index = 0; index < requests; index++) {
    const product = (await request()) as { id: string } | undefined
    if (product?.id !== 'p-7') throw new Error('A wrong answer.')
  }
}

const ways: Readonly<Record<string, (handlers: RequestHandler[], requests: number) => Promise<void>>> = {
  'bare getResponse': (handlers, requests) =>
    loop(requests, async () => (await getResponse(handlers, new Request(url)))?.json()),
  'vitest-load engine': async (handlers, requests) => {
    const transport = createOfflineTransport({
      handlers: () => handlers,
      unhandled: createUnhandledPolicy('error'),
      baseUrl,
    })
    const host = new LocalHost()
    const body = async (): Promise<void> => {
      await http.get('/products/p-7').expect(200).json()
    }
    const config = { ...defaultHttpConfig, baseUrl, transport }
    await runEngine({ name: 'offline', load: { vus, iterations: requests }, body, config, host })
    if (host.totals.counters.iterationsOk !== requests) throw new Error('Not all iterations were ok.')
  },
  'setupServer and fetch': async (handlers, requests) => {
    const server = setupServer(...handlers)
    server.listen()
    await loop(requests, async () => (await fetch(url)).json())
    server.close()
  },
}

const { way, handlers, requests } = JSON.parse(process.argv[2] ?? '{}') as {
  way: string
  handlers: number
  requests: number
}
const run = ways[way]
if (run === undefined) throw new Error(`No such way: ${way}. There are ${Object.keys(ways).join(', ')}.`)
const all = createHandlers(handlers)
await run(all, Math.ceil(requests * 0.3))
const before = process.cpuUsage()
await run(all, requests)
const { user, system } = process.cpuUsage(before)
console.log(JSON.stringify({ microseconds: (user + system) / requests }))
