import { expect, it } from 'vitest'
import { describeLabels, readLabels } from './label-options.ts'

function problemsOf(filter: unknown): string[] {
  try {
    readLabels(filter)
  } catch (error) {
    return (error as Error).message.split('\n  - ').slice(1)
  }
  return []
}

it('reads labels into one form', () => {
  const labels = readLabels({ tags: { b: '1', a: '2' }, status: 404, method: 'get', error: 'timeout' })
  expect(labels).toEqual({ method: 'GET', status: '404', error: 'timeout', tags: { a: '2', b: '1' } })
  expect(describeLabels(labels)).toBe('[method=GET, status=404, error=timeout, a=2, b=1]')
})

it.for<[unknown, string[]]>([
  [{}, ["options: expected a label such as { status: '5xx' } or { tags: { tenant: 'gold' } }; received none"]],
  [undefined, ['options: expected an object; received undefined']],
  [
    { tenant: 'gold', stauts: '5xx' },
    ['tenant: unknown option; known are method, status, error, tags', "stauts: unknown option; did you mean 'status'?"],
  ],
  [{ status: '6xx' }, [`status: expected a class such as '5xx', or a status from 100 to 599; received "6xx"`]],
  [{ error: 'timout' }, [`error: expected a category of errors; received "timout"; did you mean 'timeout'?`]],
  [{ tags: { tenant: '' } }, ['tags.tenant: expected a text of 1 to 100 characters; received ""']],
])('refuses %j', ([filter, problems]) => {
  expect(problemsOf(filter)).toEqual(problems)
})
