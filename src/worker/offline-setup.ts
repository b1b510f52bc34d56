import { inject } from 'vitest'
import { installOffline } from '../offline/current.ts'
import { handlersOf } from '../offline/handlers.ts'
import { createOfflineTransport } from '../offline/offline-transport.ts'
import { createUnhandledPolicy } from '../offline/unhandled.ts'
import { offlineKey, type ResolvedOffline } from '../options/offline-options.ts'
import { invariant } from '../shared/errors.ts'

/**
 * What the set-up file of an offline project calls with the module it has imported, the way a spec would: in every thread,
 * before each spec.
 *
 * @throws {LoadError} `ERR_LOAD_OPTIONS` when the module exports no handlers.
 */
export function setUpOffline(module: Readonly<Record<string, unknown>>): void {
  const offline = (inject as (key: string) => unknown)(offlineKey) as ResolvedOffline | undefined
  invariant(offline !== undefined, 'an offline project provides its threads with its settings')
  const handlers = handlersOf(module, offline.handlers)
  const unhandled = createUnhandledPolicy(offline.onUnhandledFrame)
  installOffline(({ baseUrl }) =>
    createOfflineTransport({
      handlers,
      unhandled,
      baseUrl,
      inventedOrigin: offline.inventedBaseUrl,
    }),
  )
}
