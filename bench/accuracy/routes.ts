/** A route of the server: what it is called in reports, and how long it takes. */
export interface Route {
  readonly name: string
  /** Of a lognormal distribution, in milliseconds. */
  readonly medianMs: number
  readonly sigma: number
}

/** No answer comes sooner. */
export const shortestMs = 5

export const routes: readonly Route[] = [
  { name: 'GET /items/:id', medianMs: 14, sigma: 0.5 },
  { name: 'POST /orders', medianMs: 30, sigma: 0.35 },
]

/** What the server has seen of one route. */
export interface RouteLog {
  /** From the request's last byte to the answer's write, each in milliseconds. */
  readonly serviceMs: number[]
}

/** What the server has seen since the last report. */
export interface ServerLog {
  readonly routes: Readonly<Record<string, RouteLog>>
  /** User and system time that the server took. */
  readonly cpuMs: number
  readonly connections: number
  /** Over all connections, as their sockets count. */
  readonly bytesReceived: number
  readonly bytesSent: number
}
