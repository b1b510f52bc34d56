import { format } from 'node:util'

/** Fills a scenario's name from a case of `.for`: `$field.path` and `$#`, then printf's `%s %d %i %j %o`. */
export function formatTitle(template: string, item: unknown, index: number): string {
  const filled = template.replaceAll(/\$#|\$([A-Za-z_][\w.]*)/g, (placeholder, path: string | undefined) => {
    if (path === undefined) return String(index)
    const value = path.split('.').reduce<unknown>((inside, key) => readField(inside, key), item)
    return value === undefined ? placeholder : typeof value === 'string' ? value : format('%o', value)
  })
  if (!/%[sdifjoO#]/.test(filled)) return filled
  const values: unknown[] = Array.isArray(item) ? item : [item]
  return format(filled.replaceAll('%#', String(index)), ...values)
}

function readField(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}
