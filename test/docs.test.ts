import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { loadErrorCodes } from 'vitest-load'
import { expect, it } from 'vitest'
import { withPictures } from '../docs/picture/load-shapes.ts'
import { optionNames } from '../src/http/request-checks.ts'
import { httpShape } from '../src/options/http-options.ts'
import { errorCategories } from '../src/shared/error-category.ts'
import { retryOptionNames } from '../src/shared/retry.ts'

const docs = new URL('../docs/', import.meta.url)
const errors = readFileSync(new URL('errors.md', docs), 'utf8')
const features = readFileSync(new URL('vitest-features.md', docs), 'utf8')

it('explains every error code, and no other', () => {
  const explained = [...errors.matchAll(/^\| `(ERR_LOAD_\w+)`/gm)].map((match) => match[1])
  expect(new Set(explained)).toEqual(new Set(loadErrorCodes))
})

it('explains every category of failures that occurs', () => {
  const table = errors.slice(errors.indexOf('| category |'))
  const explained = [...table.matchAll(/`([a-z]\w+)`(?=[^|]*\|.*\|$)/gm)].map((match) => match[1])
  // Named by the taxonomy for executors and checks to come.
  const reserved = ['check', 'dropped']
  expect(errorCategories.filter((category) => !reserved.includes(category) && !explained.includes(category))).toEqual(
    [],
  )
})

it('says of every category what causes it and what to do', () => {
  const guide = readFileSync(new URL('error-table.md', docs), 'utf8')
  const rows = guide.slice(guide.indexOf('| category | typical causes')).split('\n\n', 1)[0] ?? ''
  const explained = [...rows.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, names = '']) => names.match(/\w+/g) ?? [])
  expect(explained.toSorted()).toEqual([...errorCategories].toSorted())
})

it('has every option of requests, retries and the HTTP of a project in a table of the reference', () => {
  const reference = readFileSync(new URL('http.md', docs), 'utf8')
  const cells = [...reference.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) => cell.match(/\w+/g) ?? [])
  // Each has a section of its own.
  const elsewhere = ['redirect']
  const options = [...optionNames, ...retryOptionNames, ...Object.keys(httpShape)]
  expect(options.filter((name) => !cells.includes(name) && !elsewhere.includes(name))).toEqual([])
})

it('has what its links lead to', () => {
  const pages = readdirSync(docs).filter((name) => name.endsWith('.md'))
  const links = ['../README.md', ...pages].flatMap((page) => linksOf(page).map((link) => ({ page, link })))
  expect(links.length).toBeGreaterThan(30)
  expect(links.filter(({ page, link }) => !leadsSomewhere(page, link))).toEqual([])
})

it('prints the quickstart as it is in the README', () => {
  const readme = readFileSync(new URL('../README.md', docs), 'utf8')
  for (const path of ['vitest.config.ts', 'specs/buying.spec.ts', 'mocks/handlers.ts']) {
    const file = readFileSync(new URL(`../examples/quickstart/${path}`, docs), 'utf8')
    expect(readme).toContain(`\`\`\`ts\n// ${path}\n${file}\`\`\`\n`)
  }
})

it('shows the loads of the guide as they are drawn: `npm run picture:loads` draws them anew', () => {
  const guide = readFileSync(new URL('workload-models.md', docs), 'utf8')
  expect(withPictures(guide)).toBe(guide)
  expect(guide.match(/█/g)?.length).toBeGreaterThan(1000)
})

it('names an existing test for what is said of each flag and feature of Vitest', () => {
  const rows = features.split('\n').filter((line) => /^\| (?!---|flag or feature)/.test(line))
  expect(rows.length).toBeGreaterThan(50)
  expect(rows.filter((row) => !hasTest(row))).toEqual([])
})

/** Whether the last cell of a row links to a test's file, and has its title. */
function hasTest(row: string): boolean {
  if (row.endsWith('| `.ci/run` |')) return existsSync(new URL('../.ci/run', import.meta.url))
  const [, path = '', title = ''] = /\]\(([^ ]+) "([^"]+)"\) \|$/.exec(row) ?? []
  const file = new URL(path, docs)
  return title !== '' && existsSync(file) && readFileSync(file, 'utf8').includes(`it('${title}', `)
}

function linksOf(page: string): string[] {
  const text = readFileSync(new URL(page, docs), 'utf8')
  return [...text.matchAll(/\]\(([^)\s]+)/g)].map(([, link = '']) => link).filter((link) => !/^https?:/.test(link))
}

function leadsSomewhere(page: string, link: string): boolean {
  const target = new URL(link, new URL(page, docs))
  const anchor = target.hash.slice(1)
  target.hash = ''
  if (!existsSync(target)) return false
  return anchor === '' || anchorsOf(readFileSync(target, 'utf8')).includes(anchor)
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )
}
