import { afterEach, expect, it, vi } from 'vitest'
import type { TestProject } from 'vitest/node'
import { setup } from './global-setup.ts'
import { startStore } from './server.ts'

const provide = vi.fn<(key: string, value: string) => void>()
const project = { provide } as unknown as TestProject

afterEach(() => {
  vi.unstubAllEnvs()
  provide.mockReset()
})

it('provides the address of a store that lives until the teardown', async () => {
  const teardown = await setup(project)
  const [key, url] = provide.mock.lastCall ?? []
  expect(key).toBe('storeUrl')
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' })
  await teardown()
  await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed')
})

it('fails with what the store said when it cannot start', async () => {
  const other = await startStore()
  vi.stubEnv('STORE_PORT', new URL(other.url).port)
  await expect(setup(project)).rejects.toThrow(/^The store did not start: it ended with exit code 1\.[^]*EADDRINUSE/)
  await other.close()
})
