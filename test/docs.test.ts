import { readFileSync } from 'node:fs'
import { loadErrorCodes } from 'vitest-load'
import { expect, it } from 'vitest'
import { errorCategories } from '../src/shared/error-category.ts'

const errors = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8')

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
