const numeric = /^-?\d+(?:\.\d+)?$/
const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i
const longHex = /^[\da-f]{16,}$/i

/** A path without its ids: segments that look like numbers, UUIDs or long hexadecimal strings become `:id`. */
export function pathWithoutIds(path: string): string {
  return path
    .split('/')
    .map((segment) => (numeric.test(segment) || uuid.test(segment) || longHex.test(segment) ? ':id' : segment))
    .join('/')
}
