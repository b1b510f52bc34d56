import { isBodySource, isSpent } from './body-source.ts'
import { isFormData, isMultipartItem, multipartEntries } from './multipart.ts'
import { brokenText, kindOf, shortName, type Line } from './problem-lines.ts'
import { isBody, isRecord } from './request-checks.ts'

const spent = 'a stream that was read before; give a function that makes one'

/** What is wrong with a body that is sent as it is. */
export function checkBody(value: unknown): Line[] {
  if (isBody(value)) return []
  if (isBodySource(value)) return isSpent(value) ? [() => `body: received ${spent}`] : []
  const advice = isFormData(value) ? 'multipart' : 'json, for fields form, for files multipart'
  const there = isFormData(value) ? 'for a form there is' : 'for JSON there is'
  return [
    () => `body: expected a text, a Uint8Array, a Blob or a stream; ${there} ${advice}; received ${kindOf(value)}`,
  ]
}

/** What is wrong with a multipart form. */
export function checkMultipart(form: unknown): Line[] {
  if (!isFormData(form) && !isRecord(form))
    return [() => `multipart: expected an object of fields and files, or FormData; received ${kindOf(form)}`]
  const problems: Line[] = []
  for (const [name, value] of multipartEntries(form)) {
    const place = (): string => `multipart.${shortName(name)}`
    if (!name.isWellFormed()) problems.push(() => `${place()}: ${brokenText}`)
    if (value !== undefined) problems.push(...checkItem(value, place))
  }
  return problems
}

function checkItem(value: unknown, place: () => string): Line[] {
  if (!isMultipartItem(value)) {
    const told = isRecord(value) ? fileProblem(value) : `received ${kindOf(value)}`
    return [
      () =>
        `${place()}: expected a text, number, boolean, Blob, Uint8Array, stream or { data, filename, type }; ${told}`,
    ]
  }
  const data: unknown = isRecord(value) && !isBodySource(value) ? value['data'] : value
  if (typeof data === 'string') return data.isWellFormed() ? [] : [() => `${place()}: ${brokenText}`]
  return isBodySource(data) && isSpent(data) ? [() => `${place()}: received ${spent}`] : []
}

/** What keeps an object from being a file. */
function fileProblem(file: Readonly<Record<string, unknown>>): string {
  const strange = Object.keys(file).filter((name) => name !== 'data' && name !== 'filename' && name !== 'type')
  if (strange.length > 0) return `received an object with ${strange.slice(0, 3).map(shortName).join(', ')}`
  if (!isMultipartItem(file['data']) || typeof file['data'] === 'number' || typeof file['data'] === 'boolean')
    return `received data that is ${kindOf(file['data'])}`
  if (file['filename'] !== undefined && typeof file['filename'] !== 'string')
    return `received a filename that is ${kindOf(file['filename'])}`
  return "received a type that is no media type such as 'image/png'"
}

/** Options about a body that do not go together. */
export function bodyConflicts(options: Readonly<Record<string, unknown>>): Line[] {
  const has = (name: string): boolean => options[name] !== undefined
  const problems: Line[] = []
  if (has('multipart') && hasHeader(options, 'content-type'))
    problems.push(() => 'multipart, headers.content-type: multipart sets it, with its boundary; leave the header out')
  if (!has('compress')) return problems
  if (!['json', 'form', 'body', 'multipart'].some(has))
    problems.push(() => 'compress: there is no body to compress; give one, or leave it out')
  for (const name of ['content-encoding', 'content-length']) {
    if (hasHeader(options, name))
      problems.push(
        () => `compress, headers.${name}: compress decides it; leave the header out, or compress the body yourself`,
      )
  }
  return problems
}

function hasHeader({ headers }: Readonly<Record<string, unknown>>, lower: string): boolean {
  if (!isRecord(headers)) return false
  return Object.entries(headers).some(([name, value]) => value !== undefined && name.toLowerCase() === lower)
}
