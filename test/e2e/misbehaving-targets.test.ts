import { it } from 'vitest'
import { proveCounts } from './misbehaving-targets/prove-counts.ts'

it('counts what misbehaving targets do by its category, harms no other user, and ends in time, with four threads', () =>
  proveCounts(4))
