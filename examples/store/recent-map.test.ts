import { expect, it } from 'vitest'
import { RecentMap } from './recent-map.ts'

const row = (id: number): { id: number } => ({ id })

it('keeps the entries used last', () => {
  const map = new RecentMap<number, { id: number }>(3)
  for (let id = 0; id < 3; id += 1) map.set(id, row(id))
  map.get(0)
  for (let id = 3; id < 5; id += 1) map.set(id, row(id))
  expect([map.get(0), map.get(3), map.get(4)]).toEqual([row(0), row(3), row(4)])
})

it('never holds more than twice its capacity', () => {
  const map = new RecentMap<number, { id: number }>(10)
  for (let id = 0; id < 1_000; id += 1) map.set(id, row(id))
  let found = 0
  for (let id = 0; id < 980; id += 1) found += map.get(id) ? 1 : 0
  expect(found).toBe(0)
  expect(map.get(990)).toEqual(row(990))
})

it('prefers the newer of two values', () => {
  const map = new RecentMap<string, { id: number }>(2)
  for (const [key, id] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
  ] as const)
    map.set(key, row(id))
  expect(map.get('a')).toEqual(row(3))
})

it('forgets what is deleted, in either generation', () => {
  const map = new RecentMap<string, { id: number }>(2)
  for (const [id, key] of ['a', 'b', 'c'].entries()) map.set(key, row(id))
  map.delete('a')
  map.delete('c')
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, row(1), undefined])
  map.clear()
  expect(map.get('b')).toBeUndefined()
})
