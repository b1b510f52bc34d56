import { closeSync, openSync } from 'node:fs'
import { devNull, networkInterfaces } from 'node:os'

/** Whether this process can open a file handle. */
export function hasFileHandles(): boolean {
  try {
    closeSync(openSync(devNull, 'r'))
    return true
  } catch {
    return false
  }
}

/** Whether this machine has an address of its own to reach an IPv6 address from: many containers have none. */
export function hasIPv6For(address: string): boolean {
  const isLoopback = address === '::1'
  return Object.values(networkInterfaces()).some((own) =>
    own?.some(({ family, internal }) => family === 'IPv6' && internal === isLoopback),
  )
}
