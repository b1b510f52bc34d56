import { expect, it } from 'vitest'
import { readCss } from './css.ts'
import { answerOf } from './fixtures/answers.ts'

const html = { 'content-type': 'text/html; charset=utf-8' }
const page = answerOf(
  `<!doctype html><title>Shop &amp; more</title><form><input name=csrf value="a&quot;b"><input name=q>
  <p>one<p>two <b>bold</b></form><a href=/1>1</a><a>none</a><a href="/2">2</a>`,
  html,
)

it('reads the text or an attribute of the first element', async () => {
  expect(await readCss(page, 'title', undefined)).toBe('Shop & more')
  expect(await readCss(page, 'p + p', {})).toBe('two bold')
  expect(await readCss(page, 'input[name=csrf]', { attribute: 'value' })).toBe('a"b')
  expect(await readCss(page, 'a[href="/2"]', { attribute: 'HREF', all: false })).toBe('/2')
})

it('reads those of all elements', async () => {
  expect(await readCss(page, 'a', { all: true })).toEqual(['1', 'none', '2'])
  expect(await readCss(page, 'a', { all: true, attribute: 'href' })).toEqual(['/1', '/2'])
  expect(await readCss(page, 'h1', { all: true })).toEqual([])
})

it('reads XML with the names that it has', async () => {
  const feed = answerOf('<feed><pubDate>today</pubDate><x/><link>a</link></feed>', {
    'content-type': 'application/rss+xml',
  })
  expect(await readCss(feed, 'pubDate', undefined)).toBe('today')
  expect(await readCss(feed, 'feed > link', undefined)).toBe('a')
})

it.for<[selector: string, attribute: string | undefined, says: string]>([
  ['h1', undefined, "GET /x has nothing at 'h1' in its answer. It was 200 OK: <!doctype html>"],
  [
    'input[name=q]',
    'value',
    "GET /x has no attribute value at 'input[name=q]' in its answer. It was 200 OK: <!doctype",
  ],
  ['p', 'toString', 'GET /x has no attribute toString'],
])('refuses an answer without %s, %s', async ([selector, attribute, says]) => {
  const reading = readCss(page, selector, { attribute })
  await expect(reading).rejects.toMatchObject({ code: 'ERR_LOAD_EXTRACTION', category: 'extraction' })
  await expect(reading).rejects.toThrow(says)
})

it('refuses an answer without text', async () => {
  await expect(readCss(answerOf(''), 'a', undefined)).rejects.toThrow(
    'GET /x did not answer with markup that can be searched. It was 200 OK: an empty body',
  )
})

it.for<[selector: unknown, options: unknown, says: string]>([
  ['a[[', undefined, '.css() takes a selector; "a[[" is none (Expected name, found [)'],
  [':unheard-of', undefined, 'Unknown pseudo-class'],
  ['', undefined, '.css() takes a selector; received ""'],
  ['a', 'href', '.css() takes options as an object; received a text'],
  [
    'a',
    { attr: 'href', all: 1, attribute: '' },
    'attr: unknown option; known are attribute, all, and all: expected true or false; received a number, and attribute: expected the name of an attribute; received an empty text',
  ],
])('refuses %o with %o', async ([selector, options, says]) => {
  const reading = readCss(page, selector as string, options as object)
  await expect(reading).rejects.toMatchObject({ code: 'ERR_LOAD_OPTIONS', category: 'script' })
  await expect(reading).rejects.toThrow(says)
})

it.for<[what: string, body: string, says: string]>([
  ['deep', '<div>'.repeat(100_000) + '</x>'.repeat(100_000), 'more than 500 elements within each other'],
  ['long', '<br>'.repeat(200_000), 'more than 100,000 elements'],
  ['wide', `<a ${Array.from({ length: 2000 }, (_, index) => `a${index}`).join(' ')}>`, 'more than 1000 attributes'],
  ['large', `<p>${' '.repeat(9 * 2 ** 20)}`, 'bytes, more than'],
])('gives up what is too %s to be searched', async ([, body, says]) => {
  await expect(readCss(answerOf(body, html), 'a', undefined)).rejects.toThrow(says)
})
