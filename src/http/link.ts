import { Client, type Dispatcher } from 'undici'
import type { Recorder } from '../protocols/contract.ts'
import type { HttpConfig } from './config.ts'
import { EndOfUse } from './close-reason.ts'
import { Connector } from './connector.ts'

/** How long an idle connection is kept: less than the 60 s after which most servers and balancers close theirs. */
const keepAliveMs = 55_000

/** An undici client and the sockets it opens, one at a time. It is made for the first request that goes over the network. */
export class Link {
  readonly connector: Connector
  readonly #origin: string
  readonly #config: HttpConfig
  #client: Client | undefined

  constructor(origin: string, config: HttpConfig, recorder: Recorder) {
    this.#origin = origin
    this.#config = config
    this.connector = new Connector(config, recorder, recorder.connections(origin))
  }

  dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#client ??= createClient(this.#origin, this.#config, this.connector)
    this.#client.dispatch(request, handler)
  }

  /** Closes the socket; what is in flight fails. */
  async destroy(): Promise<void> {
    await this.#client?.destroy(new EndOfUse())
  }
}

function createClient(origin: string, config: HttpConfig, connector: Connector): Client {
  return new Client(origin, {
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: config.http2 !== undefined && config.http2 !== false,
    keepAliveTimeout: keepAliveMs,
    connect: (options, callback) => connector.open(options, callback),
  })
}
