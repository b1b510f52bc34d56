import * as z from 'zod'
import type { LoadEnvironment } from './environment.ts'

/** Which MSW handlers answer in place of the network, and when. */
export interface OfflineHandlers {
  /**
   * Path of a module, relative to the project's root, that exports `handlers`, an array of MSW handlers, or `server`, as
   * MSW's `setupServer()` makes it. Each thread loads it: state that handlers keep is kept once in each thread.
   */
  readonly handlers: string
  /** Whether they answer without further ado. `LOAD_OFFLINE=1` and `LOAD_OFFLINE=0` win over it. @default true */
  readonly enabled?: boolean
  /**
   * What becomes of a request that no handler answers: it fails (`'error'`), or goes over the network, to allowed targets
   * only, with a warning (`'warn'`) or without (`'bypass'`).
   *
   * @default 'error'
   */
  readonly onUnhandledFrame?: 'error' | 'warn' | 'bypass'
}

/** The option `offline` of load and functional projects. */
export interface OfflineProjectOptions {
  /**
   * MSW handlers that answer all requests in place of the network: the path of a module that exports `handlers` or
   * `server`, or an object with that path and more.
   *
   * @example './mocks/handlers.ts'
   */
  readonly offline?: string | OfflineHandlers
}

/** Handlers that are in force. */
export interface ResolvedOffline extends Required<Omit<OfflineHandlers, 'enabled'>> {
  /** What relative URLs are resolved against in a project without a base URL, and where nothing is sent. */
  readonly inventedBaseUrl: string | undefined
}

const inventedBaseUrl = 'http://localhost'

/** The key under which a project provides its threads with the handlers in force. */
export const offlineKey = 'vitest-load:offline'

const expectedModule = "expected the path of a module such as './mocks/handlers.ts'"
const module = z.string(expectedModule).min(1, expectedModule)

/** A path is checked as `{ handlers: path }`. */
export const offlineSchema: z.ZodType = z
  .strictObject(
    {
      handlers: module,
      enabled: z.boolean('expected true or false').optional(),
      onUnhandledFrame: z.enum(['error', 'warn', 'bypass'], "expected 'error', 'warn' or 'bypass'").optional(),
    },
    `${expectedModule}, or { handlers: './mocks/handlers.ts' }`,
  )
  .optional()

/** The handlers that answer in a project with these options, or `undefined` when the network does. */
export function resolveOffline(
  { offline: option, baseUrl }: OfflineProjectOptions & { readonly baseUrl?: unknown },
  { offline: asked, baseUrl: askedUrl }: LoadEnvironment,
): ResolvedOffline | undefined {
  if (option === undefined) return undefined
  const {
    handlers,
    enabled = true,
    onUnhandledFrame = 'error',
  } = typeof option === 'string' ? { handlers: option } : option
  if (!(asked ?? enabled)) return undefined
  const hasUrl = baseUrl !== undefined || askedUrl !== undefined
  return { handlers, onUnhandledFrame, inventedBaseUrl: hasUrl ? undefined : inventedBaseUrl }
}

/** What is wrong when mocks were asked for where there are none: the network must not get what they should answer. */
export function findOfflineProblems(option: OfflineProjectOptions['offline'], { offline }: LoadEnvironment): string[] {
  if (offline !== true || option !== undefined) return []
  return [
    "LOAD_OFFLINE: the project has no handlers to answer in place of the network. Name them with offline: './mocks/handlers.ts', or unset the variable",
  ]
}
