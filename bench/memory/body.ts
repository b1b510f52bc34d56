import type { BodyContext } from '../../src/dsl/scenario-types.ts'

/** What the body uses of a scenario's context. */
export type MemoryContext = Pick<BodyContext, 'http' | 'step' | 'check' | 'vu'>

/**
 * Everything that could grow with the number of requests: mostly steps and checks with proper names, and one of ten each
 * with a number in the name of a step, a check and a request, in a message, and an answer that is a failure.
 */
export async function untidy({ http, step, check, vu }: MemoryContext): Promise<void> {
  const number = vu.id * 100_000_000 + vu.iteration
  const id = number.toString(36)
  const product = (await step('read', () => http.get('/products/:id', { params: { id } }).expect(200).json())) as {
    id: number
  }
  check('is a product', product.id === 7)
  switch (vu.iteration % 10) {
    case 1:
      await step(`read ${id}`, () => http.get(`/products/of-${id}`, { query: { id } }))
      break
    case 2:
      check(`price of ${id}`, true)
      break
    case 3:
      await http.get('/products', { name: `GET product ${id}`, headers: { 'x-id': id } })
      break
    case 4:
      throw new Error(`The order ${id} is not there: ${'x'.repeat(2000)}`)
    case 5:
      await step('broken', () => http.post('/broken', { json: { id } }).expect(200))
      break
    case 6:
      await http.get('/broken')
      break
  }
}
