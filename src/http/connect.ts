import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'

/** Opens a socket as undici's connectors do, which return it as well: only their types do not say so. */
export type Connect = (options: buildConnector.Options, callback: buildConnector.Callback) => Socket

/**
 * Opens a connection. What it returns is the socket to whoever is dialled, from the start; what `callback` gets, once it
 * is ready, may be TLS on it. `tunnelled` hears when a proxy has made the way free.
 */
export type Dial = (options: buildConnector.Options, callback: buildConnector.Callback, tunnelled: () => void) => Socket
