import { isIP } from 'node:net'
import { now } from '../shared/now.ts'

const mostAddresses = 1000

/** Addresses of host names, for a time. */
export class AddressCache {
  readonly #ttlMs: number
  readonly #known: Map<string, { readonly address: string; readonly until: number }> = new Map()

  constructor({ ttlMs }: { readonly ttlMs: number }) {
    this.#ttlMs = ttlMs
  }

  find(hostname: string): string | undefined {
    const known = this.#known.get(hostname)
    if (known === undefined) return undefined
    if (known.until > now()) return known.address
    this.#known.delete(hostname)
    return undefined
  }

  keep(hostname: string, address: string | undefined): void {
    if (address === undefined || isIP(address) === 0 || this.#known.size >= mostAddresses) return
    this.#known.set(hostname, { address, until: now() + this.#ttlMs })
  }
}
