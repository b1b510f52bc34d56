import { describe, expect, it } from 'vitest'
import { runningLoad } from './fixtures/live-progress.ts'
import { LiveRuns } from './live-runs.ts'

describe('LiveRuns', () => {
  it('asks for a plain line every ten seconds', () => {
    const runs = new LiveRuns(() => 0)
    const due = [1000, 9400, 9600, 10_600, 19_400, 31_000].filter((elapsedMs) =>
      runs.update({ ...runningLoad, elapsedMs }),
    )
    expect(due).toEqual([9600, 31_000])
  })

  it('knows whether a run that begins is the only one', () => {
    const runs = new LiveRuns(() => 0)
    const other = { ...runningLoad, scenario: 'other' }
    expect([runs.start(runningLoad), runs.start(other)]).toEqual([true, false])
    runs.remove(runningLoad)
    runs.remove(other)
    expect(runs.start(other)).toBe(true)
    runs.clear()
    expect(runs.start(runningLoad)).toBe(true)
  })

  it('shows the three latest', () => {
    const runs = new LiveRuns(() => 0)
    for (const scenario of ['a', 'b', 'c', 'd']) runs.update({ ...runningLoad, scenario })
    expect(runs.active().map((run) => run.scenario)).toEqual(['b', 'c', 'd'])
    runs.remove({ ...runningLoad, scenario: 'c' })
    expect(runs.active().map((run) => run.scenario)).toEqual(['a', 'b', 'd'])
  })

  it('drops a run that was not heard of for five seconds', () => {
    let now = 0
    const runs = new LiveRuns(() => now)
    runs.update({ ...runningLoad, scenario: 'crashed' })
    now = 5001
    runs.update(runningLoad)
    expect(runs.active()).toEqual([runningLoad])
  })
})
