import { STATUS_CODES } from 'node:http'

/** `404 Not Found`. */
export function statusText(status: number): string {
  const phrase = STATUS_CODES[status]
  return phrase === undefined ? String(status) : `${status} ${phrase}`
}
