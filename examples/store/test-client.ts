import { createStore, type Store } from './app.ts'
import { Token } from './schemas.ts'
import { users } from './users.ts'

/** What a {@link TestClient} sends besides the route. */
export interface Call {
  /** Sent as JSON, or as it is when it is a string. */
  body?: unknown
  headers?: Record<string, string>
}

/** Makes the request that a call stands for. */
export function toRequest(route: string, { body, headers = {} }: Call = {}, origin = 'http://store'): Request {
  const [method = '', path = ''] = route.split(' ')
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return new Request(`${origin}${path}`, { method, headers, ...(body === undefined ? {} : { body: text }) })
}

/** Calls a store without a server. */
export interface TestClient {
  readonly store: Store
  /** @param route - such as `GET /products` */
  call(route: string, call?: Call): Promise<Response>
  /** Opens a session, and returns the headers that belong to it. */
  login(user?: unknown): Promise<{ authorization: string }>
}

/** Creates a client of `store`. */
export function createTestClient(store: Store = createStore()): TestClient {
  const call: TestClient['call'] = async (route, init) => store.fetch(toRequest(route, init))
  const login: TestClient['login'] = async (user = users[0]) => {
    const { token } = Token.parse(await (await call('POST /auth/login', { body: user })).json())
    return { authorization: `Bearer ${token}` }
  }
  return { store, call, login }
}
