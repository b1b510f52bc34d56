const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Writes `value` so that HTML and XML take it for text, between tags as well as in a quoted attribute. */
export function escapeMarkup(value: string | number): string {
  return String(value).replaceAll(/[&<>"']/g, (character) => references[character] ?? character)
}

/** Writes `value` as one field of CSV (RFC 4180): in quotes where it holds what would end a field or a line. */
export function escapeCsv(value: string | number): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
