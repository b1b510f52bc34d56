import { escapeCsv, escapeMarkup } from './escape.ts'
import type { Product } from './schemas.ts'

type Write = (products: readonly Product[]) => string

const columns = ['id', 'name', 'category', 'priceCents', 'stock'] as const satisfies readonly (keyof Product)[]

/** How products are written, by media type. */
export const formats = {
  'application/json': (products) => JSON.stringify(products),
  'text/csv': writeCsv,
  'application/xml': writeXml,
  'text/html': writeHtml,
} as const satisfies Record<string, Write>
export type Format = keyof typeof formats

function writeCsv(products: readonly Product[]): string {
  const lines = products.map((product) => columns.map((column) => escapeCsv(product[column])).join(','))
  return [columns.join(','), ...lines, ''].join('\r\n')
}

function writeXml(products: readonly Product[]): string {
  const elements = products.map(({ name, ...rest }) => {
    const attributes = Object.entries(rest).map(([key, value]) => ` ${key}="${escapeMarkup(value)}"`)
    return `<product${attributes.join('')}>${escapeMarkup(name)}</product>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<products>\n${elements.join('\n')}\n</products>\n`
}

function writeHtml(products: readonly Product[]): string {
  const rows = products.map((product) => {
    const cells = columns.map((column) => `<td>${escapeMarkup(product[column])}</td>`)
    return `<tr>${cells.join('')}</tr>`
  })
  const head = columns.map((column) => `<th>${column}</th>`).join('')
  const table = `<table>\n<tr>${head}</tr>\n${rows.join('\n')}\n</table>`
  return `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Catalogue</title>\n${table}\n</html>\n`
}
