import { getEventListeners } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { systemClock } from './clock.ts'

describe('systemClock', () => {
  it('ends a sleep when the signal is aborted', async () => {
    const controller = new AbortController()
    const sleep = systemClock.sleep(3_600_000, controller.signal)
    controller.abort()
    await expect(sleep).resolves.toBeUndefined()
    await expect(systemClock.sleep(3_600_000, controller.signal)).resolves.toBeUndefined()
  })

  it('takes a time that has passed for none, without a warning of Node', async () => {
    const warned = vi.fn()
    process.on('warning', warned)
    await systemClock.sleep(-1.5)
    await systemClock.nextTurn()
    process.off('warning', warned)
    expect(warned).not.toHaveBeenCalled()
  })

  it('wakes everybody who sleeps until the same signal, with one listener', async () => {
    const controller = new AbortController()
    const sleeps = Array.from({ length: 20 }, () => systemClock.sleep(3_600_000, controller.signal))
    await systemClock.sleep(0, controller.signal)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
    controller.abort()
    await expect(Promise.all(sleeps)).resolves.toHaveLength(20)
  })

  it('goes on when a test has replaced the timers', async () => {
    vi.useFakeTimers()
    try {
      const before = systemClock.now()
      await systemClock.sleep(1)
      await systemClock.nextTurn()
      expect(systemClock.now()).toBeGreaterThan(before)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('sleeping precisely', () => {
  it('ends at its time, not before, while the event loop turns', async () => {
    const { signal } = new AbortController()
    let turns = 0
    const timer = setInterval(() => (turns += 1), 1)
    for (const ms of [0, 1.5, 7.3]) {
      const endMs = systemClock.now() + ms
      await systemClock.sleepPrecisely(ms, signal)
      expect(systemClock.now()).toBeGreaterThanOrEqual(endMs)
    }
    clearInterval(timer)
    expect(turns).toBeGreaterThan(0)
  })

  it('ends at once when it is stopped', async () => {
    const control = new AbortController()
    const slept = Promise.all([500, 60_000].map((ms) => systemClock.sleepPrecisely(ms, control.signal)))
    control.abort()
    await slept
    await systemClock.sleepPrecisely(60_000, control.signal)
  })
})
