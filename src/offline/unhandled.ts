import { pathWithoutIds } from '../http/request-name.ts'
import { TransportError } from '../http/transport.ts'
import { cleanText } from '../shared/text.ts'

/**
 * What becomes of a request without a handler, by MSW's names: it fails (`error`), or goes over the network, with a
 * warning (`warn`) or without (`bypass`).
 */
export type UnhandledStrategy = 'error' | 'warn' | 'bypass'

/** Called for each request without a handler; the network gets it unless this throws. */
export type UnhandledPolicy = (method: string, url: URL) => void

/** Of so many paths a thread warns. */
const maxWarnings = 20

/** The policy of one thread. It warns once of each method and path. */
export function createUnhandledPolicy(strategy: UnhandledStrategy): UnhandledPolicy {
  const warned = new Set<string>()
  return (method, { origin, pathname }) => {
    if (strategy === 'error')
      throw new TransportError({
        category: 'script',
        message: `no mock handles it at ${origin}; add a handler for this path and origin, or set onUnhandledFrame`,
      })
    if (strategy === 'bypass' || warned.size > maxWarnings) return
    // Without the query, which may hold credentials.
    const request = cleanText(`${method} ${origin}${pathWithoutIds(pathname)}`)
    if (warned.has(request)) return
    warned.add(request)
    const more = warned.size > maxWarnings
    console.warn(
      more
        ? 'vitest-load: no mock handles many more requests, which go over the network, too.'
        : `vitest-load: no mock handles ${request}, so it goes over the network. Add a handler, or set onUnhandledFrame to 'bypass' or 'error'.`,
    )
  }
}
