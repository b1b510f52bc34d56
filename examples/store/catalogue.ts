import { createRandom } from './random.ts'
import type { Product } from './schemas.ts'

const adjectives = [
  'Bright',
  'Calm',
  'Classic',
  'Light',
  'Modern',
  'Narrow',
  'Nordic',
  'Round',
  'Small',
  'Wide',
] as const
const materials = ['Oak', 'Steel'] as const
const nouns = ['Bench', 'Chair', 'Clock', 'Desk', 'Lamp', 'Mirror', 'Rug', 'Shelf', 'Table', 'Vase'] as const

/** The 200 products, `p-1` to `p-200`: ten categories of twenty, always with the same prices. */
export const catalogue: readonly Product[] = createCatalogue()

function createCatalogue(): Product[] {
  const random = createRandom(20)
  const products: Product[] = []
  for (const adjective of adjectives) {
    for (const material of materials) {
      for (const noun of nouns) {
        products.push({
          id: `p-${products.length + 1}`,
          name: `${adjective} ${material} ${noun}`,
          category: noun.toLowerCase(),
          priceCents: 500 + Math.floor(random.next() * 50_000),
          stock: 1 + Math.floor(random.next() * 500),
        })
      }
    }
  }
  return products
}
