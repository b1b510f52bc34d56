import { it } from 'vitest'
import { proveCounts } from './misbehaving-targets/prove-counts.ts'

it.for([1, 4])(
  'counts what misbehaving targets do by its category, harms no other user, and ends in time (threads: %i)',
  proveCounts,
)
