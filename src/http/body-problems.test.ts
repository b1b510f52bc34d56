import { describe, expect, it } from 'vitest'
import { defaultHttpConfig } from './config.ts'
import { defaultHeadersOf } from './default-headers.ts'
import { UnusableOptions } from './request-checks.ts'
import { createContent } from './request-content.ts'
import { requestProblems } from './request-problems.ts'

const secret = 'secret-7d1f'
const item = 'expected a text, number, boolean, Blob, Uint8Array, stream or { data, filename, type };'

function lockedStream(): ReadableStream {
  const stream = new ReadableStream()
  stream.getReader()
  return stream
}

const problems: [options: object, ...lines: string[]][] = [
  [{ multipart: [] }, 'multipart: expected an object of fields and files, or FormData; received an empty array'],
  [{ multipart: { a: null } }, `multipart.a: ${item} received null`],
  [{ multipart: { a: [1, {}] } }, `multipart.a: ${item} received data that is undefined`],
  [{ multipart: { a: Promise.resolve(secret) } }, `multipart.a: ${item} received a promise, which was not awaited`],
  [{ multipart: { a: { data: secret, name: 'b' } } }, `multipart.a: ${item} received an object with name`],
  [{ multipart: { a: { data: secret, filename: 5 } } }, `multipart.a: ${item} received a filename that is a number`],
  [
    { multipart: { a: { data: secret, type: 'a/b\r\nx: y' } } },
    `multipart.a: ${item} received a type that is no media type such as 'image/png'`,
  ],
  [
    { multipart: { a: 1 }, json: {}, headers: { 'content-type': 'x/y' } },
    'json, multipart: they exclude each other; give one of them',
    'multipart, headers.content-type: multipart sets it, with its boundary; leave the header out',
  ],
  [
    { body: new FormData() },
    'body: expected a text, a Uint8Array, a Blob or a stream; for a form there is multipart; received an object (FormData)',
  ],
  [{ body: lockedStream() }, 'body: received a stream that was read before; give a function that makes one'],
  [{ json: {}, compress: 'lzma' }, `compress: expected 'gzip', 'deflate', 'br' or 'zstd'; received "lzma"`],
  [{ compress: 'gzip' }, 'compress: there is no body to compress; give one, or leave it out'],
  [
    { json: {}, compress: 'gzip', headers: { 'Content-Encoding': 'br' } },
    'compress, headers.content-encoding: compress decides it; leave the header out, or compress the body yourself',
  ],
  [
    { body: () => new Blob([]), multipart: { a: () => new Blob([]) } },
    'body, multipart: they exclude each other; give one of them',
  ],
]

describe('a body', () => {
  it.for(problems)('is refused: %o', ([options, ...lines]) => {
    expect(requestProblems(options, null)).toEqual(lines)
    const create = (): unknown => createContent(options, defaultHeadersOf(defaultHttpConfig))
    expect(create).toThrow(UnusableOptions)
  })
})
