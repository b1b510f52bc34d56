import { describe, expect, it } from 'vitest'
import { publishLive, subscribeLive, type LiveEvent } from './live.ts'

describe('live events', () => {
  it('reach those who subscribed to the same owner, until they stop', () => {
    const [owner, stranger] = [{}, {}]
    const heard: string[] = []
    const event: LiveEvent = { type: 'not-asked', project: 'load' }
    const stop = subscribeLive(owner, ({ type }) => heard.push(`first ${type}`))
    subscribeLive(owner, ({ type }) => heard.push(`second ${type}`))
    subscribeLive(stranger, () => heard.push('stranger'))
    publishLive(owner, event)
    stop()
    publishLive(owner, event)
    publishLive({}, event)
    expect(heard).toEqual(['first not-asked', 'second not-asked', 'second not-asked'])
  })
})
