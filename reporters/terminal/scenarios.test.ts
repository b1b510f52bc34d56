import { describe, expect, it } from 'vitest'
import { longNames, stopped } from '../fixtures/odd-results.ts'
import { colorPage, plainPage } from '../fixtures/pages.ts'
import { breached, dead, invalid, passing } from '../fixtures/run-results.ts'
import { renderScenarios } from './scenarios.ts'

const several = [passing, invalid, breached, dead, stopped, longNames].map((result, index) =>
  index > 4 ? result : { ...result, scenario: `scenario ${index + 1}` },
)

describe('renderScenarios', () => {
  it('gives each scenario a line and all of them a verdict', () => {
    expect(renderScenarios(several, plainPage(100)).join('\n')).toMatchInlineSnapshot(`
      "  scenarios                  iterations  requests/s  p95 in ms  failed       %
        ✓ scenario 1                      412        54.9   5,275.89       0          4 of 4 SLOs met
        ! scenario 2                      412        54.9   5,275.89       0          event-loop delay p9…
        ✗ scenario 3                   61,204       806.7   5,065.20   1,080    1.76  3 of 6 SLOs breached
        ✗ scenario 4                      900        30.0          –     900  100.00  2 of 2 SLOs breache…
        ✗ scenario 5                      412        54.9   5,275.89       0          the load was stoppe…
        ✗ a returnin…aying 日本語         412        54.9       1.68       0          1 of 1 SLO breached

        FAIL  6 scenarios: 4 failed, 1 invalid, 1 passed"
    `)
    expect(renderScenarios(several.slice(0, 3), plainPage(80)).join('\n')).toMatchInlineSnapshot(`
      "  scenarios     requests/s  p95 in s  failed     %
        ✓ scenario 1        54.9      5.28       0        4 of 4 SLOs met
        ! scenario 2        54.9      5.28       0        event-loop delay p99 was 38…
        ✗ scenario 3       806.7      5.07   1,080  1.76  3 of 6 SLOs breached

        FAIL  3 scenarios: 1 failed, 1 invalid, 1 passed"
    `)
  })

  it('passes when all passed', () => {
    expect(renderScenarios([passing, passing], plainPage(100)).at(-1)).toBe('  PASS  2 scenarios: 2 passed')
  })

  it('colours what did not pass', () => {
    const lines = renderScenarios([passing, breached], colorPage)
    expect(lines[1]).not.toContain('\u001b[31m')
    expect(lines[2]).toContain('\u001b[31m\u001b[1m✗ shopping flow')
  })

  it('tells scenarios of one name apart by their project, or by their file', () => {
    const named = (project: string, file: string): string[] =>
      renderScenarios(
        [
          { ...passing, project: 'load', file: 'a.spec.ts' },
          { ...passing, project, file },
        ],
        plainPage(100),
      )
    expect(named('tls', 'a.spec.ts').slice(1, 3)).toEqual([
      expect.stringContaining(`✓ ${passing.scenario} |load|`),
      expect.stringContaining(`✓ ${passing.scenario} |tls|`),
    ])
    expect(named('load', 'b.spec.ts')[2]).toContain(`✓ ${passing.scenario} b.spec.ts`)
    expect(named('load', 'a.spec.ts').join('\n')).not.toContain('spec.ts')
  })

  it('says nothing of a single one', () => {
    expect(renderScenarios([breached], plainPage(100))).toEqual([])
  })
})
