import { describe, expect, it, vi } from 'vitest'
import {
  closeStepFrame,
  countRequest,
  countThinking,
  createRootFrame,
  openStepFrame,
  thinkTimeMs,
  type Frame,
} from './current.ts'
import { Session } from './session.ts'

function createFrame(): Frame {
  const { signal } = new AbortController()
  return createRootFrame(new Session({ vuId: 1, scenario: 'a', runId: 'r', cookieScope: 'vu', signal }))
}

function openSteps({ scope }: Frame): string[] {
  const paths: string[] = []
  for (let step = scope.openStep; step !== undefined; step = step.openBefore) paths.push(step.path)
  return paths
}

describe('open steps', () => {
  it('are listed from the last one, and taken out wherever they stand', () => {
    const root = createFrame()
    const [a, b, c] = ['a', 'b', 'c'].map((name) => openStepFrame(root, name)) as [Frame, Frame, Frame]
    expect(openSteps(root)).toEqual(['c', 'b', 'a'])
    closeStepFrame(b)
    expect(openSteps(root)).toEqual(['c', 'a'])
    closeStepFrame(c)
    closeStepFrame(a)
    expect(openSteps(root)).toEqual([])
  })

  it('tell who waits when the last one has ended', () => {
    const root = createFrame()
    const onIdle = vi.fn<() => void>()
    root.scope.onIdle = onIdle
    const [a, b] = [openStepFrame(root, 'a'), openStepFrame(root, 'b')]
    closeStepFrame(a)
    expect(onIdle).not.toHaveBeenCalled()
    closeStepFrame(b)
    expect(onIdle).toHaveBeenCalledOnce()
  })
})

describe('think time', () => {
  it('is counted once however many think, and not while a request runs', () => {
    let nowMs = 0
    const at = (ms: number): void => void (nowMs = ms)
    const clock = (): number => nowMs
    const root = createFrame()
    const step = openStepFrame(root, 'a')
    at(100)
    countThinking(step, 1, clock)
    at(110)
    countThinking(step, 1, clock)
    at(130)
    countRequest(step, 1, clock)
    at(180)
    countRequest(step, -1, clock)
    at(200)
    expect(thinkTimeMs(step, 200)).toBe(50)
    countThinking(step, -1, clock)
    at(220)
    countThinking(step, -1, clock)
    at(900)
    expect([thinkTimeMs(step, 900), thinkTimeMs(root, 900)]).toEqual([70, 70])
  })

  it('of one step is not taken from its sister', () => {
    const root = createFrame()
    const [thinking, working] = [openStepFrame(root, 'a'), openStepFrame(root, 'b')]
    countThinking(thinking, 1)
    expect([root.thinking, thinking.thinking, working.thinking]).toEqual([1, 1, 0])
    countThinking(thinking, -1)
    expect(working.thinkMs).toBe(0)
  })
})
