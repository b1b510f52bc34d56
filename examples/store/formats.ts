import type { Product } from './schemas.ts'

type Write = (products: readonly Product[]) => string

const columns = ['id', 'name', 'category', 'priceCents', 'stock'] as const satisfies readonly (keyof Product)[]

/** How products are written, by media type. */
export const formats = {
  'application/json': JSON.stringify as Write,
  'text/csv': writeCsv,
  'application/xml': writeXml,
  'text/html': writeHtml,
} as const satisfies Record<string, Write>
export type Format = keyof typeof formats

// The names of this catalogue hold nothing that CSV or markup would have to escape.
function writeCsv(products: readonly Product[]): string {
  const lines = products.map((product) => columns.map((column) => product[column]).join(','))
  return [columns.join(','), ...lines, ''].join('\r\n')
}

function writeXml(products: readonly Product[]): string {
  const rows = products.map(
    ({ id, name, category, priceCents, stock }) =>
      `<product id="${id}" category="${category}" priceCents="${priceCents}" stock="${stock}">${name}</product>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<products>\n${rows.join('\n')}\n</products>\n`
}

function writeHtml(products: readonly Product[]): string {
  const row = (cell: string, values: readonly (string | number)[]): string =>
    `<tr>${values.map((value) => `<${cell}>${value}</${cell}>`).join('')}</tr>`
  const rows = products.map((product) =>
    row(
      'td',
      columns.map((column) => product[column]),
    ),
  )
  const table = `<table>\n${[row('th', columns), ...rows].join('\n')}\n</table>`
  return `<!doctype html>\n<html lang="en">\n<title>Catalogue</title>\n${table}\n</html>\n`
}
