import type { ResponseHeaders } from './response-body.ts'

/** A redirect that was followed. */
export interface FollowedRedirect {
  readonly status: number
  /** What was requested. */
  readonly url: string
  /** Where it led, as the server wrote it. */
  readonly location: string
  /** Of the redirecting answer, by lower-case name. */
  readonly headers: ResponseHeaders
  /** From the start of the request to the last byte of this answer, in milliseconds. */
  readonly durationMs: number
}

/** Of answers that were not redirected. */
export const noRedirects: readonly FollowedRedirect[] = Object.freeze([])
