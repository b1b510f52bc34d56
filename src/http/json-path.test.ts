import { expect, it } from 'vitest'
import { z } from 'zod'
import { answerOf } from './fixtures/answers.ts'
import { readJsonPath } from './json-path.ts'

const value = {
  items: [
    { id: 1, 'a b': 'x', price: 5 },
    { id: 2, price: 9 },
  ],
  none: null,
  $ref: 'r',
  'dash-ed': 1,
  "it's": 2,
}

function read(path: string, ...more: unknown[]): Promise<unknown> {
  const [given, options] = more as [z.ZodType | undefined, object | undefined]
  return readJsonPath(answerOf(JSON.stringify(value)), path, given, options)
}

it.for([
  ['$', value],
  ['$.items[1].id', 2],
  ["$.items[0]['a b']", 'x'],
  ['$["items"][0]["id"]', 1],
  ['$.none', null],
  ['$.$ref', 'r'],
  ['$.dash-ed', 1],
  ['$["it\'s"]', 2],
] as const)('finds the one value of %s', async ([path, expected]) => {
  expect(await read(path)).toEqual(expected)
})

it.for([
  ['$.items[*].id', [1, 2]],
  ['$..price', [5, 9]],
  ['$.items[0,1].id', [1, 2]],
  ['$.items[-1:].id', [2]],
  ['$.nothing[*]', []],
] as const)('finds all values of %s', async ([path, expected]) => {
  expect(await read(path)).toEqual(expected)
})

it('finds nothing below a bare value', async () => {
  expect(await readJsonPath(answerOf('"text"'), '$..id', undefined, undefined)).toEqual([])
})

it('refuses a value that is not there', async () => {
  for (const path of ['$.items[2].id', '$.none.x', '$.toString', '$.items.length.x'])
    await expect(read(path)).rejects.toMatchObject({ code: 'ERR_LOAD_EXTRACTION', category: 'extraction' })
  await expect(read('$.token')).rejects.toThrow(
    'GET /x has no value at $.token in its answer. It was 200 OK: {"items":[{"id":1,"a b":"x"',
  )
})

it('has what it finds checked by a schema', async () => {
  const id = z.number().transform((found) => `#${found}`)
  expect(await read('$.items[0].id', id)).toBe('#1')
  expect(await read('$.items[?(@.price > 6)].id', z.array(id), { filters: true })).toEqual(['#2'])
  await expect(read('$.items[0].id', z.string())).rejects.toMatchObject({
    code: 'ERR_LOAD_SCHEMA',
    message: expect.stringMatching(/^GET \/x answered with JSON that does not fit its schema at \$\.items\[0\]\.id: /),
  })
})

it('runs filters and scripts by choice only', async () => {
  const path = '$.items[?(@.price > 6)].id'
  expect(await read(path, { filters: true })).toEqual([2])
  for (const refused of [path, '$.items[(@.length-1)]', '$.nothing[?(@.price)]']) {
    await expect(read(refused)).rejects.toMatchObject({
      category: 'script',
      message: `GET /x: .jsonPath() runs no filters and scripts unless told to. Write .jsonPath(${JSON.stringify(refused)}, { filters: true }).`,
    })
  }
  await expect(read(path, { filters: false })).rejects.toThrow('unless told to')
  await expect(read('$.items[?(@.price ===)]', { filters: true })).rejects.toMatchObject({
    category: 'script',
    message: expect.stringContaining(
      '"$.items[?(@.price ===)]" has a filter that is none (Expected expression after ===',
    ),
  })
})

it('runs no code of a path', async () => {
  const path = "$.items[?(@.constructor.constructor('throw 1')())]"
  await expect(read(path, { filters: true })).rejects.toMatchObject({ code: 'ERR_LOAD_EXTRACTION' })
})

it.for<[path: unknown, says: RegExp]>([
  ['items[0]', /starts with \$, .*received "items\[0\]"/],
  ['', /received ""/],
  [undefined, /received undefined/],
  ['$.items[', /brackets are closed/],
  ['$.items[?(@.id]', /brackets are closed/],
])('refuses the path %o', async ([path, says]) => {
  await expect(read(path as string)).rejects.toMatchObject({ code: 'ERR_LOAD_OPTIONS', category: 'script' })
  await expect(read(path as string)).rejects.toThrow(says)
})

it.for([[{ filter: true }], [{ filters: 'yes' }], ['$.x'], [null]])(
  'refuses %o for a schema or options',
  async ([given]) => {
    await expect(read('$.items', given)).rejects.toThrow('takes a path, then a schema, { filters: true } or both')
  },
)

it('stops at what is nested deeper than it can follow', async () => {
  const deep = answerOf('['.repeat(100_000) + ']'.repeat(100_000))
  await expect(readJsonPath(deep, '$..x', undefined, undefined)).rejects.toMatchObject({ category: 'extraction' })
})
