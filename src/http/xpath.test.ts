import { describe, expect, it, vi } from 'vitest'
import { answerOf } from './fixtures/answers.ts'
import { readXPath } from './xpath.ts'

const xml = { 'content-type': 'application/xml' }
const order = answerOf(
  '<?xml version="1.0"?><order id="o1"><item price="5">lamp</item><item price="9">desk<b>!</b></item><n>x</n><![CDATA[<&]]></order>',
  xml,
)
const soap = answerOf('<s:Envelope xmlns:s="urn:soap" xmlns="urn:orders"><s:Body><id>7</id></s:Body></s:Envelope>', {
  'content-type': 'application/soap+xml',
})

describe('an expression', () => {
  it.for<[expression: string, options: object | undefined, found: unknown]>([
    ['/order/@id', undefined, 'o1'],
    ['//item', undefined, 'lamp'],
    ['//item[@price > 5]', {}, 'desk!'],
    ['//item/@price', { all: true }, ['5', '9']],
    ['//item', { all: true }, ['lamp', 'desk!']],
    ['(//item)[last()]', undefined, 'desk!'],
    ['//none', { all: true }, []],
    ['string(//n)', undefined, 'x'],
    ['concat(//n, "y")', { all: true }, ['xy']],
    ['count(//item)', undefined, '2'],
    ['count(//item)', { as: 'number' }, 2],
    ['sum(//item/@price)', { as: 'number' }, 14],
    ['//item/@price', { as: 'number' }, 5],
    ['count(//item) > 1', { as: 'boolean' }, true],
    ['//none', { as: 'boolean' }, false],
    ['//item', { as: 'boolean' }, true],
    ['//b/..//b/ancestor::item/@price', undefined, '9'],
    ['//n/preceding-sibling::item[1]/@price', undefined, '9'],
  ])('%s with %o is evaluated', async ([expression, options, found]) => {
    expect(await readXPath(order, expression, options)).toEqual(found)
  })

  it('knows namespaces by the prefixes it is given', async () => {
    const namespaces = { env: 'urn:soap', o: 'urn:orders' }
    expect(await readXPath(soap, '/env:Envelope/env:Body/o:id', { namespaces })).toBe('7')
    await expect(readXPath(soap, '//id', undefined)).rejects.toThrow(
      "GET /x has nothing at '//id' in its answer. Its root is in a namespace: name it with { namespaces: { n: 'urn:soap' } } and write n:name. It was 200 OK: <s:Envelope",
    )
    await expect(readXPath(soap, '//env:Body', undefined)).rejects.toThrow(
      'Cannot resolve QName env. Give the URI of its prefix in namespaces.',
    )
  })

  it('reads HTML as a browser does', async () => {
    const page = answerOf(
      '<!doctype html><HTML lang=en><body><br><p class=a>one<p @click="x">two<ul><li>1<li>2</ul>',
      {},
    )
    expect(await readXPath(page, '/html/@lang', undefined)).toBe('en')
    expect(await readXPath(page, '//p', { all: true })).toEqual(['one', 'two'])
    expect(await readXPath(page, '//li[2]', undefined)).toBe('2')
    const part = answerOf('<p>one</p><p>two</p>', { 'content-type': 'text/html' })
    expect(await readXPath(part, '/html/p[2]', undefined)).toBe('two')
  })
})

describe('an answer', () => {
  it.for<[body: string, says: string]>([
    ['', 'GET /x did not answer with markup that can be searched. It was 200 OK: an empty body'],
    ['hello', 'GET /x did not answer with XML. The parser says: missing root element. It was 200 OK: hello'],
    ['<a><b></a>', 'did not answer with XML. The parser says: Opening and ending tag mismatch'],
    ['<a/><b/>', 'did not answer with XML'],
    ['<a>&none;</a>', 'did not answer with XML. The parser says: entity not found'],
    ['<a><b>x</b></a>', "has nothing at '//item'"],
    ['<a>'.repeat(100_000), 'more than 500 elements within each other'],
    [`<a>${'<b/>'.repeat(150_000)}</a>`, 'more than 100,000 elements'],
  ])('that is %s is refused', async ([body, says]) => {
    const loud = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'log')]
    const reading = readXPath(answerOf(body, xml), '//item', undefined)
    await expect(reading).rejects.toMatchObject({ code: 'ERR_LOAD_EXTRACTION', category: 'extraction' })
    await expect(reading).rejects.toThrow(says)
    for (const spy of loud) expect(spy).not.toHaveBeenCalled()
  })

  it('is not made larger by entities it defines, and nothing is loaded for it', async () => {
    const entities = Array.from({ length: 9 }, (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`).join('')
    const bomb = `<!DOCTYPE a [<!ENTITY e0 "lol">${entities}<!ENTITY file SYSTEM "file:///etc/passwd">]>`
    await expect(readXPath(answerOf(`${bomb}<a>&e9;</a>`, xml), '/a', undefined)).rejects.toThrow('entity not found')
    await expect(readXPath(answerOf(`${bomb}<a>&file;</a>`, xml), '/a', undefined)).rejects.toThrow('entity not found')
    const external = '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a>x</a>'
    expect(await readXPath(answerOf(external, xml), '/a', undefined)).toBe('x')
  })

  it('is searched in its order, however many siblings it has', async () => {
    const many = Array.from({ length: 3000 }, (_, at) => `<i n="${at}"><t>${at}</t></i>`).join('')
    const found = (await readXPath(answerOf(`<r>${many}</r>`, xml), '//i/t/text() | //i/@n', { all: true })) as string[]
    expect(found).toHaveLength(6000)
    expect(found.slice(0, 4)).toEqual(['0', '0', '1', '1'])
  })

  it('has no number where there is a text', async () => {
    await expect(readXPath(order, '//n', { as: 'number' })).rejects.toThrow("has no number at '//n' in its answer")
  })
})

it.for<[expression: unknown, options: unknown, says: string]>([
  ['//a[', undefined, '.xpath() cannot evaluate "//a[": XPath parse error'],
  ['foo(1)', undefined, 'Unknown function foo'],
  ['$x', undefined, 'Undeclared variable'],
  ['', undefined, '.xpath() takes an expression; received ""'],
  ['//a', { as: 'node' }, "as: expected 'string', 'number' or 'boolean'; received a text"],
  ['//a', { all: true, as: 'number' }, "gives all as texts: leave out all, or as: 'number'"],
  [
    '//a',
    { namespaces: { a: 1 }, any: 1 },
    'namespaces: expected an object with the URI of each prefix; received an object, and any: unknown',
  ],
])('refuses %o with %o', async ([expression, options, says]) => {
  const reading = readXPath(order, expression as string, options as object)
  await expect(reading).rejects.toMatchObject({ code: 'ERR_LOAD_OPTIONS', category: 'script' })
  await expect(reading).rejects.toThrow(says)
})
