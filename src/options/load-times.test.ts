import { expect, it } from 'vitest'
import { resolveLoad } from './load-options.ts'
import type { LoadOptions } from './load-shapes.ts'
import { peakTimes } from './load-times.ts'

it.for<[LoadOptions, [number, number][]]>([
  [{ vus: 3, duration: '5s' }, [[0, 5000]]],
  [{ rate: 10, duration: '5s' }, [[0, 5000]]],
  [
    {
      stages: [
        { duration: '2s', rate: 50 },
        { duration: '3s', rate: 50 },
        { duration: '2s', rate: 0 },
      ],
    },
    [[2000, 5000]],
  ],
  [
    {
      startVUs: 5,
      stages: [
        { duration: '1s', vus: 5 },
        { duration: '1s', vus: 5 },
        { duration: '1s', vus: 1 },
        { duration: 0, vus: 5 },
        { duration: '1s', vus: 5 },
      ],
    },
    [
      [0, 2000],
      [3000, 4000],
    ],
  ],
  [
    {
      stages: [
        { duration: '2s', rate: 50 },
        { duration: '2s', rate: 0 },
      ],
    },
    [],
  ],
])('finds when a load is at its height: %j', ([load, times]) => {
  const resolved = resolveLoad(load, 'load', [])
  expect(resolved && peakTimes(resolved).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual(times)
})
