import { describe, expect, it } from 'vitest'
import { ProbeRecorder, type ProbeOptions } from './probe-recorder.ts'
import { outcomes } from './series.ts'

function create(options: Partial<ProbeOptions> = {}): ProbeRecorder {
  const recorder = new ProbeRecorder({ windowMs: 1000, by: 'start', of: 'response', limitUs: 500_000, ...options })
  recorder.begin(10_000)
  return recorder
}

/** Notes work by its times since the start of the load. */
function note(recorder: ProbeRecorder, fromMs: number, toMs: number, outcome: 0 | 1 | 2 | 3 = outcomes.ok): void {
  recorder.note(outcome, (toMs - fromMs) * 1000, -1, 10_000 + fromMs, 10_000 + toMs)
}

describe('ProbeRecorder', () => {
  it('keeps work in the window that it began in, or ended in', () => {
    for (const [by, windows] of [
      ['start', [0, 2]],
      ['end', [0, 2, 3]],
    ] as const) {
      const recorder = create({ by })
      note(recorder, 100, 900)
      note(recorder, 2000, 2100)
      note(recorder, 2999, 3000)
      expect(recorder.drain()?.windows.map(({ window }) => window)).toEqual(windows)
    }
  })

  it('counts outcomes, and the durations of all but fast failures', () => {
    const recorder = create()
    note(recorder, 0, 1)
    note(recorder, 0, 2, outcomes.failed)
    note(recorder, 0, 3, outcomes.timeout)
    note(recorder, 0, 4, outcomes.aborted)
    const [window] = recorder.drain()?.windows ?? []
    expect(window).toMatchObject({ ok: 1, failed: 2, aborted: 1, count: 3, sum: 8000, max: 4000 })
    expect(window?.cells).toHaveLength(6)
  })

  it('reads service time where that is what is judged', () => {
    const recorder = create({ of: 'service' })
    recorder.note(outcomes.ok, 9000, 700, 10_000, 10_009)
    recorder.note(outcomes.ok, 9000, -1, 10_000, 10_009)
    expect(recorder.drain()?.windows).toMatchObject([{ ok: 2, count: 1, sum: 700 }])
  })

  it('hands over only what is new', () => {
    const recorder = create()
    note(recorder, 0, 100)
    expect(recorder.drain()?.windows).toHaveLength(1)
    expect(recorder.drain()).toBeUndefined()
    note(recorder, 200, 1300)
    expect(recorder.drain()?.windows).toMatchObject([{ window: 0, ok: 1 }])
  })

  it('leaves out what belongs to no window, because the load has not begun', () => {
    const recorder = new ProbeRecorder({ windowMs: 1000, by: 'end', of: 'response', limitUs: 1 })
    recorder.note(outcomes.ok, 1, -1, 10_000, 10_001)
    recorder.noteInFlight(10_000, 5)
    expect(recorder.drain()).toBeUndefined()
  })

  it('tells which windows bad work has passed over', () => {
    const recorder = create()
    note(recorder, 900, 5100)
    expect(recorder.drain()?.spanned).toEqual([1, 4])
    note(recorder, 900, 1300)
    expect(recorder.drain()?.spanned).toBeUndefined()
    const failures = create({ limitUs: undefined })
    note(failures, 100, 3500, outcomes.timeout)
    note(failures, 100, 8500)
    expect(failures.drain()?.spanned).toEqual([1, 2])
  })

  it('tells in which windows work under way began, or what has taken longer than the limit', () => {
    const recorder = create()
    recorder.noteInFlight(10_100, 7_900_000)
    recorder.noteInFlight(10_200, 7_800_000)
    recorder.noteInFlight(13_100, 100)
    expect(recorder.drain()).toMatchObject({ inFlight: [0, 3], windows: [], overdue: undefined })
    const ending = create({ by: 'end' })
    ending.noteInFlight(10_100, 499_999)
    ending.noteInFlight(10_100, 500_000)
    expect(ending.drain()).toMatchObject({ inFlight: [], overdue: { count: 1, max: 500_000 } })
  })
})
