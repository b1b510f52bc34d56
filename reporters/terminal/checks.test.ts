import { expect, it } from 'vitest'
import { plainPage } from '../fixtures/pages.ts'
import { renderChecks } from './checks.ts'

it('names a few of the checks that held, and all that failed', () => {
  const checks = Array.from({ length: 9 }, (_, index) => ({
    name: `check ${index + 1}`,
    step: '',
    passed: 1000,
    failed: index < 2 ? index + 1 : 0,
  }))
  expect(renderChecks({ checks }, plainPage(100)).join('\n')).toMatchInlineSnapshot(`
    "  checks                  count  failed     %
      ✓ check 3               1,000       0
      ✓ check 4               1,000       0
      ✓ check 5               1,000       0
      ✓ check 6               1,000       0
      ✓ check 7               1,000       0
      … and 2 more that held
      ✗ check 2               1,002       2  0.20
      ✗ check 1               1,001       1  0.10"
  `)
})
