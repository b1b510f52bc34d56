import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProbeRecorder } from '../metrics/probe-recorder.ts'
import { outcomes } from '../metrics/series.ts'
import { counts, delta } from './fixtures/deltas.ts'
import { above, below, checkout, errorRate, p, scenario, slo, throughput } from './fixtures/measured.ts'
import { WindowWatch } from './window-watch.ts'

const window = { windowMs: 1000, share: 1 }
const create = (): WindowWatch => new WindowWatch(slo(checkout, p(95), below(300_000)), window)

describe('WindowWatch', () => {
  it('judges each window that holds work, and leaves out the others', () => {
    const watch = create()
    watch.add(0, delta([counts(0, 10, 5), counts(2, 10, 500), counts(7, 1, 5)]))
    expect(watch.conclude(9000)).toEqual({ judged: 3, met: 2, samples: 21, firstMissed: 2 })
  })

  it('waits for work that began in a window, however late it ends', () => {
    const watch = create()
    watch.add(0, delta([counts(0, 10, 5)], { inFlight: [0] }))
    watch.judge(40_000)
    watch.add(0, delta([counts(0, 3, 40_000)]))
    watch.judge(41_000)
    expect(watch.conclude(60_000)).toMatchObject({ judged: 1, met: 0, samples: 13 })
  })

  it('waits for each thread that has such work, until it is gone', () => {
    const watch = create()
    watch.add(0, delta([counts(0, 10, 5)]))
    watch.add(1, delta([], { inFlight: [0] }))
    watch.judge(5000)
    watch.add(1, delta([counts(0, 10, 900)]))
    watch.leave(1)
    watch.judge(6000)
    expect(watch.conclude(9000)).toMatchObject({ judged: 1, met: 0 })
  })

  it('is not met in a window over which bad work has passed, where nothing began', () => {
    const watch = create()
    watch.add(0, delta([counts(0, 3, 5000), counts(3, 2, 5)], { spanned: [1, 4] }))
    watch.judge(9000)
    expect(watch.conclude(9000)).toMatchObject({ judged: 5, met: 1, firstMissed: 0 })
  })

  it('is not met in a window in which all has failed at once', () => {
    const watch = create()
    watch.add(0, delta([counts(0, 0, 1, 20)]))
    expect(watch.conclude(9000)).toMatchObject({ judged: 1, met: 0 })
  })

  it('lets what comes to a judged window break it, but not mend it', () => {
    const watch = create()
    watch.add(0, delta([counts(0, 10, 5), counts(1, 10, 900)]))
    watch.judge(9000)
    watch.add(0, delta([counts(0, 1, 900), counts(1, 1, 5)]))
    watch.judge(10_000)
    expect(watch.conclude(11_000)).toMatchObject({ judged: 2, met: 0 })
  })

  it('has a rate in every whole window, also where nothing ends', () => {
    const watch = new WindowWatch(slo(scenario, throughput, above(9)), window)
    watch.add(0, delta([counts(0, 10), counts(2, 5), counts(3, 10), counts(4, 20)]))
    expect(watch.conclude(4500)).toMatchObject({ judged: 4, met: 2, firstMissed: 1 })
    expect(watch.conclude(4500, 1500)).toMatchObject({ judged: 2, met: 1 })
  })

  it('gives up windows whose work never ends, when there are a thousand of them', () => {
    const watch = create()
    const all = Array.from({ length: 1500 }, (_, index) => index)
    watch.add(
      0,
      delta(
        all.map((index) => counts(index, 1, 5)),
        { inFlight: all },
      ),
    )
    watch.judge(2_000_000)
    watch.add(0, delta([]))
    watch.judge(2_001_000)
    expect(watch.conclude(2_001_000)).toMatchObject({ judged: 1500, met: 1000 })
  })

  it('judges the windows by the start of work, however it is reported', () => {
    const work = fc.record({ fromMs: fc.integer({ min: 0, max: 9999 }), tookMs: fc.integer({ min: 1, max: 6000 }) })
    const all = fc.array(fc.record({ work, thread: fc.integer({ min: 0, max: 1 }) }), { maxLength: 60 })
    fc.assert(
      fc.property(all, (pieces) => {
        const failing = slo(scenario, errorRate, below(0.5))
        const watch = new WindowWatch(failing, window)
        const threads = [0, 1].map(() => {
          const recorder = new ProbeRecorder({ windowMs: 1000, by: 'start', of: 'response', limitUs: undefined })
          recorder.begin(0)
          return recorder
        })
        for (let second = 1; second <= 17; second++) {
          for (const [thread, recorder] of threads.entries()) {
            for (const { work: piece } of pieces.filter((one) => one.thread === thread)) {
              const endMs = piece.fromMs + piece.tookMs
              if (endMs > (second - 1) * 1000 && endMs <= second * 1000)
                recorder.note(outcomes.ok, piece.tookMs * 1000, -1, piece.fromMs, endMs)
              else if (piece.fromMs <= second * 1000 && endMs > second * 1000)
                recorder.noteInFlight(piece.fromMs, second * 1_000_000 - piece.fromMs * 1000)
            }
            watch.add(thread, recorder.drain())
          }
          watch.judge(second * 1000)
        }
        const began = new Set(pieces.map((piece) => Math.floor(piece.work.fromMs / 1000)))
        expect(watch.conclude(17_000)).toMatchObject({ judged: began.size, met: began.size, samples: pieces.length })
      }),
    )
  })
})
