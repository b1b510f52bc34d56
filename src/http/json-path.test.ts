import { expect, it } from 'vitest'
import { evaluateJsonPath } from './json-path.ts'

const value = {
  items: [
    { id: 1, 'a b': 'x', price: 5 },
    { id: 2, price: 9 },
  ],
  none: null,
  $ref: 'r',
  'dash-ed': 1,
}
const evaluate = (path: string): unknown => evaluateJsonPath(value, path, 'GET /')

it.for([
  ['$', value],
  ['$.items[1].id', 2],
  ["$.items[0]['a b']", 'x'],
  ['$["items"][0]["id"]', 1],
  ['$.none', null],
  ['$.$ref', 'r'],
  ['$.dash-ed', 1],
] as const)('finds the one value of %s', ([path, expected]) => {
  expect(evaluate(path)).toEqual(expected)
})

it.for([
  ['$.items[*].id', [1, 2]],
  ['$..price', [5, 9]],
  ['$.items[?(@.price > 6)].id', [2]],
  ['$.items[0,1].id', [1, 2]],
  ['$.nothing[*]', []],
] as const)('finds all values of %s', async ([path, expected]) => {
  expect(await evaluate(path)).toEqual(expected)
})

it('refuses a value that is not there', () => {
  for (const path of ['$.items[2].id', '$.none.x', '$.toString', '$.items.length.x']) {
    expect(() => evaluate(path)).toThrow(
      expect.objectContaining({ code: 'ERR_LOAD_EXTRACTION', category: 'extraction' }),
    )
  }
})

it('runs no code of a path', async () => {
  await expect(async () => evaluate("$.items[?(@.constructor.constructor('throw 1')())]")).rejects.toMatchObject({
    code: 'ERR_LOAD_EXTRACTION',
  })
})
