import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Feeder, RowKey } from './feeder.ts'
import { generated } from './generated.ts'
import { streamed, type StreamedOptions } from './streamed.ts'

const never = new AbortController().signal

function keyOf(vuId: number, iteration: number = 0, runSeed: number = 1): RowKey {
  return { vuId, iteration, globalIteration: undefined, seed: 1, runSeed, vus: 4 }
}

async function* count(to: number): AsyncGenerator<number> {
  for (let index = 0; index < to; index++) yield index
}

async function open<Row>(feeder: Feeder<Row>, thread: number = 0, threads: number = 1): Promise<Feeder<Row>> {
  return (await feeder.open?.({ loaded: undefined, thread, threads })) ?? expect.fail('cannot be opened')
}

/** Takes a row as an iteration does; `undefined` when there is none. */
async function take<Row>(feeder: Feeder<Row>, vuId: number = 1): Promise<Row | undefined> {
  const isProvided = await feeder.provide?.(keyOf(vuId), never)
  return isProvided === true ? feeder.row(feeder.rowIndex(keyOf(vuId)), keyOf(vuId)) : undefined
}

async function takeAll<Row>(feeder: Feeder<Row>): Promise<Row[]> {
  const taken: Row[] = []
  for (let row = await take(feeder); row !== undefined; row = await take(feeder)) taken.push(row)
  return taken
}

describe('streamed', () => {
  it('gives each row of the source once over all threads', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom<StreamedOptions['use'][]>('share', 'all'),
        async (length, threads, prefetch, use) => {
          const source = async function* ({ thread }: { thread: number }) {
            for await (const row of count(length)) if (use === 'share' || row % threads === thread) yield row
          }
          const feeder = streamed(source, { prefetch, use: use ?? 'share', onEnd: 'stop' })
          const given = await Promise.all(
            Array.from({ length: threads }, async (_, thread) => takeAll(await open(feeder, thread, threads))),
          )
          expect(given.flat().toSorted((left, right) => left - right)).toEqual(
            Array.from({ length }, (_, index) => index),
          )
        },
      ),
    )
  })

  it('runs ahead of the load so far and no further', async () => {
    let asked = 0
    const source = async function* () {
      for (;;) yield asked++
    }
    const feeder = await open(streamed(source, { prefetch: 5 }))
    await new Promise(setImmediate)
    expect(asked).toBe(5)
    expect(feeder.provide?.(keyOf(1), never)).toBe(true)
    await new Promise(setImmediate)
    expect(asked).toBe(6)
    feeder.close?.()
  })

  it('lets iterations wait for a source that is slower, each for a row of its own', async () => {
    const gates: (() => void)[] = []
    const source = async function* () {
      for (let index = 0; index < 4; index++) {
        if (index > 0) await new Promise<void>((resolve) => gates.push(resolve))
        yield index
      }
    }
    const feeder = await open(streamed(source, { prefetch: 1, onEnd: 'stop' }))
    const taken = Promise.all([1, 2, 3, 4, 5].map((vuId) => take(feeder, vuId)))
    for (let round = 0; round < 20; round++) {
      await new Promise(setImmediate)
      gates.shift()?.()
    }
    expect(new Set(await taken)).toEqual(new Set([0, 1, 2, 3, undefined]))
  })

  it('waits no longer than the load', async () => {
    const stop = new AbortController()
    const source = async function* () {
      yield 1
      await new Promise(() => undefined)
    }
    const feeder = await open(streamed(source))
    await take(feeder)
    const waiting = feeder.provide?.(keyOf(2), stop.signal)
    stop.abort()
    expect(await waiting).toBe(false)
  })

  it('fails, stops or begins again at the end', async () => {
    const failing = await open(streamed(() => count(1)))
    expect(await take(failing)).toBe(0)
    await expect((async () => take(failing))()).rejects.toMatchObject({ code: 'ERR_LOAD_DATA_EXHAUSTED' })
    const endless = await open(streamed(() => [1, 2], { onEnd: 'recycle' }))
    expect([await take(endless), await take(endless), await take(endless)]).toEqual([1, 2, 1])
    endless.close?.()
    expect(await takeAll(await open(streamed(() => [], { onEnd: 'recycle' })).catch(() => expect.fail()))).toEqual([])
  })

  it('uses what a source gave before it failed', async () => {
    const source = async function* () {
      yield 1
      await new Promise(setImmediate)
      throw new Error('no database')
    }
    const feeder = await open(streamed(source))
    expect(await take(feeder)).toBe(1)
    await expect((async () => take(feeder))()).rejects.toThrow('The source of streamed() failed: no database')
  })

  it('finds a row again by its number', async () => {
    const feeder = await open(
      streamed(() => count(9)),
      1,
      2,
    )
    expect(await feeder.row(6, keyOf(1))).toBe(6)
    expect(await take(feeder)).toBe(1)
    feeder.close?.()
  })

  it('tells the source when no more is wanted', async () => {
    let ended = false
    const source = async function* ({ signal }: { signal: AbortSignal }) {
      signal.addEventListener('abort', () => (ended = true))
      yield 1
    }
    const feeder = await open(streamed(source))
    feeder.close?.()
    expect(ended).toBe(true)
  })

  it('refuses wrong arguments', () => {
    const wrong = () => streamed([] as never, { use: 'half', prefetch: 0, onEnd: 'wait' } as never)
    expect(wrong).toThrow('streamed(): 4 problems.')
  })
})

describe('generated', () => {
  const numbered = generated(({ index, random }) => ({ index, random: random() }))

  it('makes the same row of the same seed and number, and others of others', async () => {
    const rowOf = (index: number, runSeed: number) => numbered.row(index, keyOf(1, 0, runSeed))
    expect(rowOf(3, 1)).toEqual(rowOf(3, 1))
    expect(rowOf(3, 1)).not.toEqual(rowOf(4, 1))
    expect(rowOf(3, 1)).not.toEqual(rowOf(3, 2))
  })

  it('numbers rows over all virtual users', () => {
    const indices = [1, 2, 3, 4].flatMap((vuId) =>
      [0, 1, 2].map((iteration) => numbered.rowIndex(keyOf(vuId, iteration))),
    )
    expect(new Set(indices).size).toBe(12)
    expect(Math.max(...indices)).toBe(11)
  })

  it('refuses generator functions and unknown options', () => {
    expect(() => generated(function* () {})).toThrow('received a generator function: use streamed()')
    expect(() => generated(() => 1, { pick: 'unique' } as never)).toThrow('generated(): 1 problem.')
  })
})
