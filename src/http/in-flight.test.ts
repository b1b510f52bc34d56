import { describe, expect, it } from 'vitest'
import { InFlightList, type Deadline } from './in-flight.ts'

/** An entry, and a promise of when it expires. */
function entry(timeoutMs: number, log: string[], name: string): { link: Deadline; expired: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  const expire = (): void => {
    log.push(name)
    resolve()
  }
  const deadlineAt = performance.now() + timeoutMs
  return { link: { timeoutMs, deadlineAt, previous: undefined, next: undefined, expire }, expired: promise }
}

describe('InFlightList', () => {
  it('expires what is due, shorter ones first, and never what was removed', async () => {
    const list = new InFlightList()
    const log: string[] = []
    const [long, short, first, middle, last] = [
      entry(60, log, 'long'),
      entry(5, log, 'short'),
      entry(1, log, 'first'),
      entry(1, log, 'middle'),
      entry(1, log, 'last'),
    ]
    for (const { link } of [long, first, middle, last, short]) list.add(link)
    for (const { link } of [middle, last, first]) list.remove(link)
    await Promise.all([short.expired, long.expired])
    expect(log).toEqual(['short', 'long'])
  })

  it('shows what is in flight', () => {
    const list = new InFlightList()
    const links = ['a', 'b', 'c'].map((name) => entry(50, [], name).link)
    for (const link of links) list.add(link)
    list.remove(links[1]!)
    const shown: unknown[] = []
    list.forEach((link) => shown.push(link))
    expect(new Set(shown)).toEqual(new Set([links[0], links[2]]))
    for (const link of [links[0]!, links[2]!]) list.remove(link)
  })

  it('takes up again after it was idle', async () => {
    const list = new InFlightList()
    const log: string[] = []
    for (const name of ['a', 'b']) {
      const { link, expired } = entry(2, log, name)
      list.add(link)
      await expired
      list.remove(link)
    }
    expect(log).toEqual(['a', 'b'])
  })
})
