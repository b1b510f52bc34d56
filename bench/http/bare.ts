import { Client, type Dispatcher } from 'undici'
import { measure, readArguments, vus, type Workload } from './workloads.ts'

// The floor: one undici client per virtual user, its own handler, the next request sent from within the end of the
// last. Same requests, same bytes, same parsing of bodies as the scenarios; nothing is measured or recorded.
//
// With `awaited` the next request is sent a microtask later, which is the earliest that code with `await` can: undici
// then takes the socket for an idle one, and looks whether it is still usable before it writes.

/** What one flow hands from request to request. */
interface FlowState {
  token: string
  cookie: string
  productId: number
  ids: number
}

/** One request of a flow: how it is made, and what is taken from its answer. Throws when the answer is wrong. */
interface FlowStep {
  readonly make: (state: FlowState) => Dispatcher.DispatchOptions
  readonly take: (status: number, body: unknown, headers: AnswerHeaders, state: FlowState) => void
}

type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>

const agent = ['user-agent', 'vitest-load']
const jsonType = ['content-type', 'application/json']

function assertAnswer(condition: boolean, what: string): void {
  if (!condition) throw new Error(`The bare loop got a wrong answer: ${what}.`)
}

function nextId(state: FlowState): string {
  state.ids += 1
  return `bare-${state.ids}`
}

const healthStep: FlowStep = {
  make: () => ({ method: 'GET', path: '/health', headers: agent }),
  take: (status, body) => assertAnswer(status === 200 && (body as { status: string }).status === 'ok', 'health'),
}

const shopSteps: readonly FlowStep[] = [
  {
    make: () => ({
      method: 'POST',
      path: '/auth/login',
      headers: [...agent, ...jsonType],
      body: JSON.stringify({ email: 'ada@example.com', password: 'correct horse' }),
    }),
    take: (status, body, headers, state) => {
      state.token = (body as { token: string }).token
      const cookie = String(headers['set-cookie'])
      state.cookie = cookie.slice(0, cookie.indexOf(';'))
      assertAnswer(status === 200 && state.token !== '', 'login')
    },
  },
  {
    make: (state) => ({ method: 'GET', path: '/products?q=lamp', headers: [...agent, 'cookie', state.cookie] }),
    take: (status, body, _headers, state) => {
      const products = body as { id: number }[]
      state.productId = products[0]?.id ?? 0
      assertAnswer(status === 200 && products.length > 0, 'list')
    },
  },
  {
    make: (state) => ({
      method: 'GET',
      path: `/products/${state.productId}`,
      headers: [...agent, 'cookie', state.cookie],
    }),
    take: (status, body, _headers, state) => {
      assertAnswer(status === 200 && (body as { id: number }).id === state.productId, 'detail')
    },
  },
  {
    make: (state) => ({
      method: 'POST',
      path: '/cart/items',
      headers: [...agent, 'authorization', `Bearer ${state.token}`, ...jsonType, 'cookie', state.cookie],
      body: JSON.stringify({ productId: state.productId, quantity: 1 }),
    }),
    take: (status, body) => assertAnswer(status === 201 && (body as { items: unknown[] }).items.length === 1, 'cart'),
  },
  {
    make: (state) => ({
      method: 'POST',
      path: '/orders',
      headers: [
        'idempotency-key',
        nextId(state),
        ...agent,
        'authorization',
        `Bearer ${state.token}`,
        'cookie',
        state.cookie,
      ],
    }),
    take: (status, body) =>
      assertAnswer(status === 201 && (body as { status: string }).status === 'confirmed', 'order'),
  },
]

const flows: Readonly<Record<Workload, readonly FlowStep[]>> = { 'one-request': [healthStep], 'shop-flow': shopSteps }

/** What all virtual users share. */
interface Stock {
  /** Iterations that are left. */
  iterations: number
  readonly onIteration: () => void
}

class BareUser implements Dispatcher.DispatchHandler {
  readonly #client: Client
  readonly #flow: readonly FlowStep[]
  readonly #state: FlowState = { token: '', cookie: '', productId: 0, ids: 0 }
  readonly #stock: Stock
  #done: (() => void) | undefined
  #position: number = 0
  #status: number = 0
  #headers: AnswerHeaders = {}
  #chunk: Buffer | undefined

  constructor(url: string, flow: readonly FlowStep[], stock: Stock) {
    this.#stock = stock
    this.#client = new Client(url, { pipelining: 1, headersTimeout: 0, bodyTimeout: 0, allowH2: false })
    this.#flow = flow
  }

  async run(): Promise<void> {
    return new Promise((resolve) => {
      this.#done = resolve
      this.#nextIteration()
    })
  }

  #nextIteration(): void {
    this.#position = 0
    if (this.#stock.iterations === 0) {
      this.#done?.()
      return
    }
    this.#stock.iterations -= 1
    this.#stock.onIteration()
    this.#send()
  }

  #send(): void {
    const step = this.#flow[this.#position]
    if (step === undefined) this.#nextIteration()
    else this.#client.dispatch(step.make(this.#state), this)
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    this.#status = status
    this.#headers = headers
    this.#chunk = undefined
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunk = this.#chunk === undefined ? chunk : Buffer.concat([this.#chunk, chunk])
  }

  onResponseEnd(): void {
    if (awaited) queueMicrotask(() => this.#take())
    else this.#take()
  }

  #take(): void {
    const body: unknown = JSON.parse(this.#chunk === undefined ? 'null' : this.#chunk.toString())
    this.#flow[this.#position]?.take(this.#status, body, this.#headers, this.#state)
    this.#position += 1
    this.#send()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    throw error
  }
}

const { workload, url, awaited = false } = readArguments()

await measure(async (iterations, onIteration) => {
  const stock: Stock = { iterations, onIteration }
  const users = Array.from({ length: vus }, () => new BareUser(url, flows[workload], stock))
  await Promise.all(users.map(async (user) => user.run()))
})
