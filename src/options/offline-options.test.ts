import { describe, expect, it } from 'vitest'
import { readEnvironment } from './environment.ts'
import { findOfflineProblems, resolveOffline } from './offline-options.ts'
import { findSettingProblems } from './project-settings.ts'

const environment = (offline?: string): ReturnType<typeof readEnvironment> =>
  readEnvironment(offline === undefined ? {} : { LOAD_OFFLINE: offline }, [])

const handlers = './mocks/handlers.ts'

describe('resolveOffline', () => {
  it('lets handlers answer unless they are kept in reserve', () => {
    const resolved = { handlers, onUnhandledFrame: 'error', inventedBaseUrl: 'http://localhost' }
    expect(resolveOffline({ offline: handlers }, environment())).toEqual(resolved)
    expect(resolveOffline({ offline: { handlers } }, environment())).toEqual(resolved)
    expect(resolveOffline({ offline: { handlers, enabled: false } }, environment())).toBeUndefined()
    expect(resolveOffline({}, environment())).toBeUndefined()
  })

  it('obeys LOAD_OFFLINE first', () => {
    const reserve = { handlers, enabled: false, onUnhandledFrame: 'warn' } as const
    expect(resolveOffline({ offline: reserve }, environment('1'))).toMatchObject({ handlers, onUnhandledFrame: 'warn' })
    expect(resolveOffline({ offline: handlers }, environment('0'))).toBeUndefined()
  })

  it('invents a base URL only where there is none', () => {
    const resolve = (baseUrl: unknown, variables: Record<string, string> = {}): unknown =>
      resolveOffline({ offline: handlers, baseUrl }, readEnvironment(variables, []))?.inventedBaseUrl
    expect(resolve(undefined)).toBe('http://localhost')
    expect(resolve('http://shop.test')).toBeUndefined()
    expect(resolve({ inject: 'shopUrl' })).toBeUndefined()
    expect(resolve(undefined, { LOAD_BASE_URL: 'http://shop.test' })).toBeUndefined()
  })
})

it('refuses LOAD_OFFLINE=1 only where there are no handlers', () => {
  expect(findOfflineProblems(undefined, environment('1'))).toEqual([expect.stringContaining('has no handlers')])
  expect(findOfflineProblems(handlers, environment('1'))).toEqual([])
  expect(findOfflineProblems(undefined, environment('0'))).toEqual([])
  expect(findOfflineProblems(undefined, environment())).toEqual([])
})

describe('the option offline', () => {
  it.each([
    [
      5,
      "offline: expected the path of a module such as './mocks/handlers.ts', or { handlers: './mocks/handlers.ts' }; received 5",
    ],
    [null, 'received null'],
    ['', 'offline.handlers: expected the path of a module'],
    [{ handlers, enabled: 'yes' }, 'offline.enabled: expected true or false; received "yes"'],
    [{ handlers, onUnhandledFrame: 'fail' }, "offline.onUnhandledFrame: expected 'error', 'warn' or 'bypass'"],
    [
      { handlers, onUnhandledRequest: 'warn' },
      "offline.onUnhandledRequest: unknown option; did you mean 'onUnhandledFrame'?",
    ],
  ])('%j is refused', (offline, problem) => {
    expect(findSettingProblems({ offline })).toEqual([expect.stringContaining(problem)])
  })

  it('may be a path, or an object with one', () => {
    for (const offline of [undefined, handlers, { handlers }, { handlers, enabled: false, onUnhandledFrame: 'bypass' }])
      expect(findSettingProblems({ offline })).toEqual([])
  })
})
