import { expect, it } from 'vitest'
import { answerOf } from './fixtures/answers.ts'
import { matchText } from './text-match.ts'

const answer = answerOf('order id=17 of 2, token=abcdef; id=18')

it.for(['id=(?<id>\\d+) of (\\d+)', /id=(?<id>\d+) of (\d+)/])(
  'finds the first match of %s, its captures and groups',
  (pattern) => {
    const found = matchText(answer, pattern)
    expect([...found]).toEqual(['id=17 of 2', '17', '2'])
    expect(found.groups).toEqual({ id: '17' })
    expect(found).toMatchObject({ index: 6, input: expect.stringContaining('order') })
  },
)

it('has no groups where none has a name', () => {
  const found = matchText(answer, /id=(x)?/)
  expect([...found]).toEqual(['id=', undefined])
  expect(found.groups).toEqual({})
})

it.for(['g', 'y', 'gy', 'd', 'i'])('finds the same each time with the flags %s', (flags) => {
  const pattern = new RegExp('ORDER id=(\\d+)', `${flags}i`.replace('ii', 'i'))
  pattern.lastIndex = 3
  expect([matchText(answer, pattern)[1], matchText(answer, pattern)[1], pattern.lastIndex]).toEqual(['17', '17', 3])
})

it('leaves a pattern as it was where nothing matches', () => {
  const pattern = /none/g
  pattern.lastIndex = 5
  expect(() => matchText(answer, pattern)).toThrow()
  expect(pattern.lastIndex).toBe(5)
})

it('refuses an answer without a match, and shows its beginning without credentials', () => {
  expect(() => matchText(answer, 'csrf=(.*)')).toThrow(
    expect.objectContaining({
      code: 'ERR_LOAD_EXTRACTION',
      category: 'extraction',
      message:
        'GET /x has no match of /csrf=(.*)/ in its answer. It was 200 OK: order id=17 of 2, token=[redacted]; id=18',
    }),
  )
})

it('refuses a match in which a named group took no part', () => {
  expect(() => matchText(answer, /id=17|(?<coupon>c\d)/)).toThrow(/without the group 'coupon'\. Give a group/)
  expect(matchText(answer, /none(?<id>\d)|id=(?<id>\d+)/).groups).toEqual({ id: '17' })
})

it.for([['('], [''], [undefined], [{}], [7]])('refuses the pattern %o', ([pattern]) => {
  expect(() => matchText(answer, pattern as string)).toThrow(
    expect.objectContaining({
      code: 'ERR_LOAD_OPTIONS',
      category: 'script',
      message: expect.stringContaining('.match() takes'),
    }),
  )
})
