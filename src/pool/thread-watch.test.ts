import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ThreadWatch } from './thread-watch.ts'

/** A watch over threads of which some answer pings. */
function startWatch(threads: readonly number[]) {
  const silent = new Set<number>()
  const overdue: string[] = []
  const watch: ThreadWatch = new ThreadWatch({
    now: () => performance.now(),
    ping: (thread) => {
      if (!silent.has(thread)) watch.heard(thread)
    },
    onOverdue: (thread, cause) => overdue.push(`${thread}: ${cause}`),
  })
  watch.begin(threads)
  return { watch, silent, overdue }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a thread', () => {
  it('is overdue when it has not done in time what was expected', () => {
    const { watch, overdue } = startWatch([0, 1])
    watch.expect(0, 'A', 'the load', 5000)
    watch.expect(1, 'A', 'the load', 5000)
    vi.advanceTimersByTime(4000)
    watch.release(1, 'A')
    vi.advanceTimersByTime(60_000)
    expect(overdue).toEqual(['0: the load did not end in time'])
  })

  it('is said to be blocked when it does not even answer', () => {
    const { watch, silent, overdue } = startWatch([0])
    watch.expect(0, 'A', 'the load', 5000)
    silent.add(0)
    vi.advanceTimersByTime(20_000)
    expect(overdue).toEqual([
      '0: it has not answered for 5.3 s: something in it blocks the event loop, such as a loop that never awaits',
    ])
  })

  it('gets some time more as long as it answers', () => {
    const { watch, overdue } = startWatch([0])
    watch.expect(0, 'A', 'the load', 5000)
    vi.advanceTimersByTime(19_000)
    expect(overdue).toEqual([])
    vi.advanceTimersByTime(2000)
    expect(overdue).toHaveLength(1)
  })

  it('may be silent for a minute where nothing is expected', () => {
    const { silent, overdue } = startWatch([0])
    silent.add(0)
    vi.advanceTimersByTime(60_000)
    expect(overdue).toEqual([])
    vi.advanceTimersByTime(1000)
    expect(overdue).toHaveLength(1)
  })

  it('gets what is expected of it next in place of what was', () => {
    const { watch, overdue } = startWatch([0])
    watch.expect(0, 'A', 'set-up', 1000)
    watch.expect(0, 'A', 'the load', 9000)
    watch.expect(0, 'B', 'set-up', 5000)
    vi.advanceTimersByTime(4000)
    expect(overdue).toEqual([])
    watch.release(0, 'B')
    vi.advanceTimersByTime(4000)
    expect(overdue).toEqual([])
    vi.advanceTimersByTime(20_000)
    expect(overdue).toEqual(['0: the load did not end in time'])
  })

  it('is not blamed for the time in which main was held up', () => {
    const { watch, overdue } = startWatch([0])
    watch.expect(0, 'A', 'the load', 1000)
    vi.advanceTimersByTime(250)
    const startedAtMs = performance.now()
    const now = vi.spyOn(performance, 'now').mockImplementation(() => startedAtMs + 30_000)
    vi.advanceTimersByTime(250)
    expect(overdue).toEqual([])
    now.mockImplementation(() => startedAtMs + 30_500)
    vi.advanceTimersByTime(250)
    expect(overdue).toEqual([])
    now.mockRestore()
  })

  it('is forgotten when it has ended', () => {
    const { watch, overdue } = startWatch([0])
    watch.expect(0, 'A', 'the load', 1000)
    watch.forget(0)
    vi.advanceTimersByTime(120_000)
    expect(overdue).toEqual([])
  })
})
