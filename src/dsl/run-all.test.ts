import { expect, it } from 'vitest'
import { runAll } from './run-all.ts'

it('runs everything in order, and passes on a single error as it is', async () => {
  const order: string[] = []
  const error = new AggregateError([], 'mine')
  const running = runAll(
    () => order.push('first'),
    () => Promise.reject(error),
    async () => order.push('last'),
  )
  await expect(running).rejects.toBe(error)
  expect(order).toEqual(['first', 'last'])
})

it('tells all errors, also of an inner one', async () => {
  const fail = (message: string) => () => Promise.reject(new Error(message))
  await expect(runAll(() => runAll(fail('a'), fail('b')), fail('c'))).rejects.toMatchObject({
    message: 'a\nb\nc',
    errors: [{ message: 'a' }, { message: 'b' }, { message: 'c' }],
  })
})
