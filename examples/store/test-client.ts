import { createStore, type Store } from './app.ts'
import { Token } from './schemas.ts'
import { users } from './users.ts'

/** What a {@link TestClient} sends besides the route. */
export interface Call {
  /** Sent as JSON, or as it is when it is a string. */
  body?: unknown
  headers?: Record<string, string>
}

/** Calls a store without a server. */
export interface TestClient {
  /** @param route - such as `GET /products` */
  call(route: string, call?: Call): Promise<Response>
  /** Opens a session, and returns the headers that belong to it. */
  login(user?: unknown): Promise<{ authorization: string }>
}

/** Creates a client of `store`. */
export function createTestClient(store: Store = createStore()): TestClient {
  const call: TestClient['call'] = async (route, { body, headers = {} } = {}) => {
    const [method = '', path = ''] = route.split(' ')
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const init = { method, headers, ...(body === undefined ? {} : { body: text }) }
    return store.fetch(new Request(`http://store${path}`, init))
  }
  const login: TestClient['login'] = async (user = users[0]) => {
    const { token } = Token.parse(await (await call('POST /auth/login', { body: user })).json())
    return { authorization: `Bearer ${token}` }
  }
  return { call, login }
}
