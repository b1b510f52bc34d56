import { describe, expect, it } from 'vitest'
import { abortListeners } from './abort-listeners.ts'

describe('abortListeners', () => {
  it('are called once each when the signal is aborted, but not those that were taken out', () => {
    const controller = new AbortController()
    const called: string[] = []
    const removed = (): void => void called.push('removed')
    abortListeners(controller.signal).add(removed)
    abortListeners(controller.signal).add(() => void called.push('first'))
    abortListeners(controller.signal).add(() => void called.push('second'))
    abortListeners(controller.signal).delete(removed)
    abortListeners(new AbortController().signal).add(() => void called.push('other'))
    controller.abort()
    expect(called).toEqual(['first', 'second'])
  })

  it('may take themselves out', () => {
    const controller = new AbortController()
    const called: string[] = []
    const listeners = abortListeners(controller.signal)
    const leave = (): void => {
      called.push('first')
      listeners.delete(leave)
    }
    listeners.add(leave).add(() => void called.push('second'))
    controller.abort()
    expect([called, listeners.size]).toEqual([['first', 'second'], 1])
  })
})
