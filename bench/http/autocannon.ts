import { realpathSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { findProgram } from '../support/children.ts'
import { measure, readArguments, vus, type Workload } from './workloads.ts'

// autocannon's scripted mode: it is no dependency, but found on the PATH.

/** What one flow hands from request to request. */
interface FlowContext {
  token?: string
  cookie?: string
  id?: number
}

interface ScriptedRequest {
  method: 'GET' | 'POST'
  path?: string
  headers?: Record<string, string>
  body?: string
  setupRequest?: (request: ScriptedRequest, context: FlowContext) => ScriptedRequest
  onResponse: (status: number, body: string, context: FlowContext, headers: Record<string, string>) => void
}

interface Options {
  readonly url: string
  readonly connections: number
  readonly amount: number
  readonly requests: readonly ScriptedRequest[]
}

interface Totals {
  readonly errors: number
  readonly non2xx: number
}

type Autocannon = (options: Options) => Promise<Totals>

const agent = { 'user-agent': 'vitest-load' }
const json = { ...agent, 'content-type': 'application/json' }

function assertAnswer(condition: boolean, what: string): void {
  if (!condition) throw new Error(`autocannon got a wrong answer: ${what}.`)
}

const health: ScriptedRequest = {
  method: 'GET',
  path: '/health',
  headers: agent,
  onResponse: (status, body) => {
    assertAnswer(status === 200 && (JSON.parse(body) as { status: string }).status === 'ok', 'health')
  },
}

const shop: ScriptedRequest[] = [
  {
    method: 'POST',
    path: '/auth/login',
    headers: json,
    body: JSON.stringify({ email: 'ada@example.com', password: 'correct horse' }),
    onResponse: (status, body, context, headers) => {
      context.token = (JSON.parse(body) as { token: string }).token
      const cookie = headers['Set-Cookie'] ?? ''
      context.cookie = cookie.slice(0, cookie.indexOf(';'))
      assertAnswer(status === 200, 'login')
    },
  },
  {
    method: 'GET',
    setupRequest: (request, { cookie = '' }) => ({
      ...request,
      path: '/products?q=lamp',
      headers: { ...agent, cookie },
    }),
    onResponse: (status, body, context) => {
      context.id = (JSON.parse(body) as { id: number }[])[0]?.id ?? 0
      assertAnswer(status === 200 && context.id !== 0, 'list')
    },
  },
  {
    method: 'GET',
    setupRequest: (request, { cookie = '', id }) => ({
      ...request,
      path: `/products/${id}`,
      headers: { ...agent, cookie },
    }),
    onResponse: (status, body, { id }) => {
      assertAnswer(status === 200 && (JSON.parse(body) as { id: number }).id === id, 'detail')
    },
  },
  {
    method: 'POST',
    setupRequest: (request, { cookie = '', token, id }) => ({
      ...request,
      path: '/cart/items',
      headers: { ...json, authorization: `Bearer ${token}`, cookie },
      body: JSON.stringify({ productId: id, quantity: 1 }),
    }),
    onResponse: (status, body) => {
      assertAnswer(status === 201 && (JSON.parse(body) as { items: unknown[] }).items.length === 1, 'cart')
    },
  },
  {
    method: 'POST',
    setupRequest: (request, { cookie = '', token }) => ({
      ...request,
      path: '/orders',
      headers: { ...agent, 'idempotency-key': `autocannon-${ids++}`, authorization: `Bearer ${token}`, cookie },
    }),
    onResponse: (status, body) => {
      assertAnswer(status === 201 && (JSON.parse(body) as { status: string }).status === 'confirmed', 'order')
    },
  },
]

let ids = 0
const flows: Readonly<Record<Workload, readonly ScriptedRequest[]>> = { 'one-request': [health], 'shop-flow': shop }

const program = findProgram('autocannon')
if (program === undefined) throw new Error('autocannon is not on the PATH.')
const { default: autocannon } = (await import(pathToFileURL(realpathSync(program)).href)) as { default: Autocannon }

const { workload, url } = readArguments()

/** The flow, telling of each iteration that has ended. */
function watched(requests: readonly ScriptedRequest[], onIteration: () => void): ScriptedRequest[] {
  return requests.map((request, position) => ({
    ...request,
    onResponse: (...answer) => {
      request.onResponse(...answer)
      if (position === requests.length - 1) onIteration()
    },
  }))
}

await measure(async (iterations, onIteration) => {
  const requests = watched(flows[workload], onIteration)
  const { errors, non2xx } = await autocannon({ url, connections: vus, amount: iterations * requests.length, requests })
  assertAnswer(errors === 0 && non2xx === 0, `${errors} errors, ${non2xx} answers of another status`)
})
