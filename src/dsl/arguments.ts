import { printable, showValue } from '../shared/text.ts'

const longestShownName = 80

const blank = 32

/** Whether a step or check can be told by it. Called per request: only a name that begins with a blank is looked through. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && (value.charCodeAt(0) > blank || value.trim() !== '')
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/** How an error message writes a call: with its name, as far as it has one. */
export function callOf(helper: 'step' | 'check', name: unknown): string {
  return isName(name) ? `${helper}('${printable(name, longestShownName)}')` : `${helper}()`
}

/** An argument as an error message shows it. */
export function showReceived(value: unknown): string {
  return isThenable(value) ? 'a promise' : showValue(value)
}

/** What is refused is told once: a promise in it that rejects later adds nothing. */
export function ignoreRejection(value: unknown): void {
  if (value instanceof Promise) value.catch(() => {})
}

/** Why something was failed or aborted, as reports tell it. */
export function reasonOf(call: string, reason: unknown): string {
  const text: unknown = reason instanceof Error ? reason.message : (reason ?? '')
  if (typeof text !== 'string') return showReceived(text)
  return text.trim() === '' ? `${call} was called without a reason` : text
}
