import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { defaultHttpConfig } from '../http/config.ts'
import { currentFrame } from '../session/current.ts'
import { rehearse } from './rehearsal.ts'

// In this order: a thread rehearses once.
describe('rehearse', () => {
  it('does nothing where no socket is used', async () => {
    const transport = (): never => {
      throw new Error('asked for')
    }
    await expect(rehearse({ ...defaultHttpConfig, transport })).resolves.toBeUndefined()
  })

  it('sends nothing to the target and leaves nothing behind', async () => {
    let connections = 0
    const target = createServer(() => void (connections += 1))
    await new Promise<void>((resolve) => void target.listen(0, '127.0.0.1', resolve))
    const baseUrl = `http://127.0.0.1:${(target.address() as AddressInfo).port}`
    const before = process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP')).length
    await rehearse({ ...defaultHttpConfig, baseUrl })
    await expect
      .poll(() => process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP')).length)
      .toBe(before)
    expect(connections).toBe(0)
    expect(currentFrame()).toBeUndefined()
    target.close()
  })

  it('takes place once', async () => {
    const before = process.getActiveResourcesInfo()
    const again = rehearse(defaultHttpConfig)
    expect(process.getActiveResourcesInfo()).toEqual(before)
    await again
  })
})
