/**
 * A failed objective as Vitest shows failed assertions: with expected and actual value, on the user's own line.
 */
export class SloAssertionError extends Error {
  readonly expected: string | undefined
  readonly actual: string | undefined
  readonly showDiff: boolean

  constructor(message: string, site: Error, diff?: { expected: string; actual: string }) {
    super(message)
    this.name = 'AssertionError'
    this.expected = diff?.expected
    this.actual = diff?.actual
    this.showDiff = diff !== undefined
    const place = site.stack?.slice(site.stack.indexOf('\n')) ?? ''
    this.stack = `${this.name}: ${message}${place}`
  }
}
