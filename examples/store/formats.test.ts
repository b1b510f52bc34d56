import { expect, it } from 'vitest'
import { formats } from './formats.ts'

const odd = { id: 'p-1', name: `The "<Big>" & 'Bold', one`, category: 'a\r\nb', priceCents: 100, stock: 1 }

it('quotes what would end a field or a line of CSV', () => {
  const name = `"The ""<Big>"" & 'Bold', one"`
  expect(formats['text/csv']([odd])).toBe(`id,name,category,priceCents,stock\r\np-1,${name},"a\r\nb",100,1\r\n`)
})

it.for(['application/xml', 'text/html'] as const)('writes a name into %s as text', (format) => {
  const text = formats[format]([odd])
  expect(text).toContain('>The &quot;&lt;Big&gt;&quot; &amp; &#39;Bold&#39;, one<')
  expect(text).not.toContain('<Big>')
})
