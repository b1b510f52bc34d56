import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import * as z from 'zod'
import { csv, type CsvOptions } from './csv.ts'
import type { Feeder, RowKey } from './feeder.ts'
import { json, type JsonOptions } from './json.ts'
import { readRow, SharedRowsBuilder } from './row-table.ts'

const key: RowKey = { vuId: 1, iteration: 0, globalIteration: 0, seed: 1, runSeed: 1, vus: 1 }

function write(name: string, text: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'data-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

/** All rows, read in another thread's way: from a clone of what was loaded. */
async function rowsOf(feeder: Feeder<unknown>, count: number): Promise<unknown[]> {
  const loaded = structuredClone(await feeder.load?.({ root: '/' }))
  const open = await feeder.open?.({ loaded, thread: 0, threads: 1 })
  return Promise.all(Array.from({ length: count }, (_, index) => open?.row(index, key)))
}

async function problemOf(feeder: Feeder<unknown>): Promise<string> {
  const thrown: unknown = await feeder.load?.({ root: '/' }).catch((error: unknown) => error)
  expect(thrown).toMatchObject({ code: 'ERR_LOAD_DATA' })
  return (thrown as Error).message
}

const readCsv = (text: string, options?: CsvOptions<undefined>): Feeder<unknown> => csv(write('a.csv', text), options)
const readJson = (text: string, options?: JsonOptions<undefined>, name: string = 'a.json'): Feeder<unknown> =>
  json(write(name, text), options)

it.for([
  ['plain', 'a,b\n1,2\n3,4\n'],
  ['BOM, CRLF and no end of line', '\uFEFFa,b\r\n1,2\r\n3,4'],
  ['quotes', '"a","b"\n"1","2"\n"3",4\n'],
  ['mixed ends of line and empty lines', 'a,b\r\n1,2\n\n3,4\r\n\r\n'],
] as const)('reads CSV with %s', async ([, text]) => {
  expect(await rowsOf(readCsv(text), 2)).toEqual([
    { a: '1', b: '2' },
    { a: '3', b: '4' },
  ])
})

it('reads quotes, delimiters, line ends and any script within values', async () => {
  const text = 'name,note\n"Doe, ""J""","two\r\nlines"\nÅsa 😀,\n'
  expect(await rowsOf(readCsv(text), 2)).toEqual([
    { name: 'Doe, "J"', note: 'two\r\nlines' },
    { name: 'Åsa 😀', note: '' },
  ])
})

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le')

it.for([
  ['CSV in Latin 1', csv, 'a.csv', latin1('name\nMüller\n'), 'is not UTF-8'],
  ['CSV that ends within a character', csv, 'a.csv', Buffer.from('name\n😀').subarray(0, -1), 'is not UTF-8'],
  ['CSV in UTF-16', csv, 'a.csv', utf16('name\nMüller\n'), 'is UTF-16'],
  ['CSV in UTF-16, the other way', csv, 'a.csv', utf16('name\nMüller\n').swap16(), 'is UTF-16'],
  ['JSON in Latin 1', json, 'a.json', latin1('["Müller"]'), 'is not UTF-8'],
  ['JSON in UTF-16', json, 'a.json', utf16('["Müller"]'), 'is UTF-16'],
  ['lines in Latin 1', json, 'a.jsonl', latin1('"x"\n"Müller"\n'), 'is not UTF-8'],
  ['lines in UTF-16', json, 'a.jsonl', utf16('"Müller"\n'), 'is UTF-16'],
] as const)('refuses %s', async ([, read, name, bytes, problem]) => {
  const open: (file: string) => Feeder<unknown> = read
  const message = await problemOf(open(write(name, bytes)))
  expect(message).toContain(`${problem}. Save it as UTF-8.`)
  expect(message).not.toContain('ller')
})

it('reads characters that lie across the pieces of a file', async () => {
  // Of four bytes each: with one before them, some begin in the one piece of 64 KiB and end in the next.
  const names = Array.from({ length: 4 }, (_, shift) => 'x'.repeat(shift) + '😀ü€'.repeat(20_000))
  for (const name of names) {
    const text = JSON.stringify(name)
    expect(await rowsOf(readCsv(`name\n${name}\n`), 1)).toEqual([{ name }])
    expect(await rowsOf(readJson(`[${text}]`), 1)).toEqual([name])
    expect(await rowsOf(readJson(`${text}\n${text}`, {}, 'a.jsonl'), 2)).toEqual([name, name])
  }
})

it('reads other delimiters, and columns that the file does not name', async () => {
  expect(await rowsOf(readCsv('1;2\n', { delimiter: ';', columns: ['a', '__proto__'] }), 1)).toEqual([
    JSON.parse('{ "a": "1", "__proto__": "2" }'),
  ])
})

it('reads CSV that it would write, whatever the values are', async () => {
  const value = fc.string({ unit: 'grapheme' })
  const table = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 20 })
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      const text = ['a,b', ...rows.map((row) => row.map(quote).join(','))].join('\n')
      const path = join(tmpdir(), `property-${process.pid}.csv`)
      writeFileSync(path, text)
      const read = await rowsOf(csv(path), rows.length)
      rmSync(path)
      expect(read).toEqual(rows.map(([a, b]) => ({ a, b })))
    }),
    { numRuns: 50 },
  )
})

it('makes of rows what the schema makes, synchronously where the schema is', async () => {
  const User = z.object({ id: z.coerce.number(), at: z.coerce.date() })
  const feeder = csv(pathToFileURL(write('u.csv', 'id,at\n7,2026-01-01\n')), { schema: User })
  const opened = await feeder.open?.({ loaded: await feeder.load?.({ root: '/' }), thread: 0, threads: 1 })
  expect(opened?.row(0, key)).toEqual({ id: 7, at: new Date('2026-01-01') })
  const Later = z.object({ id: z.string().refine(async (id) => Promise.resolve(id !== '8')) })
  expect(await rowsOf(csv(write('v.csv', 'id\n7\n'), { schema: Later }), 1)).toEqual([{ id: '7' }])
  expect(await problemOf(csv(write('w.csv', 'id\n7\n8\n'), { schema: Later }))).toContain('line 3: id: ')
})

it.for([
  [
    'short and long rows',
    'a,b\n1\n"x\ny",2\n1,2,3\n',
    ['2 problems', 'line 2: 1 value for 2 columns', 'line 5: 3 values for 2 columns'],
  ],
  ['columns of one name', 'a,b,a\n1,2,3\n', ['1 problem.', 'line 1: columns 1 and 3 have the same name']],
  ['a column without a name', 'a,\n1,2\n', ['line 1: column 2 has no name']],
  ['another delimiter', 'a;b\n1;2\n', ['line 1: values seem to be separated by ";": set `delimiter`']],
  ['no rows', 'a,b\n', ['has no rows']],
  ['nothing', '', ['has no rows']],
  ['an open quote', 'a,b\n1,2\n"secret,4\n5,6\n', ['line 3: a quote is opened and never closed']],
  ['a quote within a value', 'a,b\n1,2\n3,secret"4\n', ['line 3: a quote stands within a value']],
  ['text after a quote', 'a,b\n"secret"x,2\n', ['line 2: text follows a closing quote']],
] as const)('refuses CSV with %s, without its values', async ([, text, parts]) => {
  const message = await problemOf(readCsv(text))
  for (const part of parts) expect(message).toContain(part)
  expect(message).not.toContain('secret')
})

it('shows the first rows that do not fit, the number of all, and no value', async () => {
  const lines = Array.from({ length: 2000 }, (_, index) => `secret-${index}`)
  const schema = z.object({
    password: z.string().refine(() => false, { error: ({ input }) => `'${String(input)}' is bad` }),
  })
  const message = await problemOf(csv(write('users.csv', `password\n${lines.join('\n')}`), { schema }))
  expect(message.split('\n')).toHaveLength(12)
  expect(message).toContain("csv('users.csv') cannot be used: 2,000 problems.\n  - line 2: password: '")
  expect(message).toContain('  - and 1,990 more')
  expect(message).not.toContain('secret')
})

it.for([
  ['an array', '[{ "id": 1 }, { "id": 2 }]', {}, 'a.json'],
  [
    'an array within a document',
    '{ "data": { "users": [{ "id": 1 }, { "id": 2 }] } }',
    { path: '$.data.users' },
    'a.json',
  ],
  ['lines', '\uFEFF{ "id": 1 }\r\n\r\n{ "id": 2 }\n', {}, 'a.ndjson'],
  ['lines by choice', '{ "id": 1 }\n{ "id": 2 }', { format: 'lines' }, 'a.json'],
] as const)('reads JSON: %s', async ([, text, options, name]) => {
  expect(await rowsOf(readJson(text, options, name), 2)).toEqual([{ id: 1 }, { id: 2 }])
})

it.for([
  ['no JSON', '{ secret', {}, 'a.json', 'it is no JSON'],
  ['no array', '{ "users": "secret" }', {}, 'a.json', 'the document is no array'],
  ['nothing at the path', '{ "users": [] }', { path: 'user' }, 'a.json', "what stands at 'user' is no array"],
  ['a broken line', '{ "id": 1 }\n{ secret\n', {}, 'a.jsonl', 'line 2: is no JSON'],
  ['no rows', '[]', {}, 'a.json', 'has no rows'],
] as const)('refuses JSON: %s', async ([, text, options, name, problem]) => {
  const message = await problemOf(readJson(text, options, name))
  expect(message).toContain(problem)
  expect(message).not.toContain('secret')
})

it('refuses files that are not there', async () => {
  expect(await problemOf(csv('nowhere.csv'))).toContain("csv('nowhere.csv') cannot be used: ENOENT")
  expect(await problemOf(csv(tmpdir()))).toContain('is no file')
})

it.for([
  [() => csv('', { schema: 1 as never, delimiter: '', columns: ['a', 'a'], pic: 'unique' } as never), 5],
  [() => csv(new URL('http://127.0.0.1/a.csv')), 1],
  [() => json('a.jsonl', { path: 'users', format: 'line' } as never), 1],
  [() => json('a.jsonl', { path: 'users' }), 1],
  [() => csv('a.csv', null as never), 1],
  [() => csv('a.csv', { pick: 'random', onEnd: 'stop' }), 1],
  [() => csv('a.csv', { per: 'vu', onEnd: 'stop' }), 1],
] as const)('refuses wrong options at once: %s', ([make, count]) => {
  expect(make).toThrow(expect.objectContaining({ code: 'ERR_LOAD_OPTIONS' }))
  expect(make).toThrow(count === 1 ? ': 1 problem.' : `: ${count} problems.`)
})

it('has no rows outside of a scenario', () => {
  expect(() => csv('a.csv').row(0, key)).toThrow("Put it into the scenario's `data`")
})

it('keeps rows of any size in pages', () => {
  const builder = new SharedRowsBuilder()
  const rows = [3, 4 * 2 ** 20, 10, 9 * 2 ** 20, 1].map((length, index) => `${index}ü`.repeat(length / 2))
  for (const row of rows) builder.add(row)
  const shared = structuredClone(builder.build())
  expect(rows.map((_, index) => readRow(shared, index))).toEqual(rows)
})
