import { expect, it } from 'vitest'
import { hideNestedSecrets } from './nested-secrets.ts'

it('takes time in proportion to the length of a text', () => {
  const text = 'x'.repeat(1_000_000)
  expect(hideNestedSecrets(`${text}%zz`, ['secret'])).toHaveLength(text.length + 3)
  expect(hideNestedSecrets(`${text} %20`, ['secret'])).toHaveLength(text.length + 4)
})

const secret = 's3cr3t-x/+ "q"'
const json = JSON.stringify({ note: secret })

it.each([
  ['JSON in a query', `/plain?note=${encodeURIComponent(json)}&b=1`, '/plain?note=[redacted]&b=1'],
  [
    'a form in a query',
    `/plain?note=${encodeURIComponent(`f=${String(new URLSearchParams({ x: secret }))}`)}`,
    '/plain?note=[redacted]',
  ],
  ['encoded twice', `a ${encodeURIComponent(encodeURIComponent(json))} b`, 'a [redacted] b'],
  ['named like one', `?note=${encodeURIComponent('{"password":"abc"}')}`, '?note=[redacted]'],
  ['nothing secret', '/a%20b?c=%7B%22d%22%3A1%7D&e=100%25', '/a%20b?c=%7B%22d%22%3A1%7D&e=100%25'],
])('hides %s', (_, text, expected) => {
  expect(hideNestedSecrets(text, [secret])).toBe(expected)
})
