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
          priceCents: 500 + Math.floor(random() * 50_000),
          stock: 1 + Math.floor(random() * 500),
        })
      }
    }
  }
  return products
}

/** Numerical Recipes' linear congruential generator: the same numbers on every machine, in two lines. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
