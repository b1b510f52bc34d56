import { describe, expect, it } from 'vitest'
import { readEnvironment } from './environment.ts'
import { resolveMix } from './mix-options.ts'
import { chooseProfile } from './profiles.ts'

const profiles = {
  smoke: { load: { vus: 1, iterations: 1 } },
  ci: { scale: 0.1 },
  gentle: { load: { rate: 20, duration: '1s' } },
  bounded: { load: { rate: 20, duration: '1s', maxVUs: 20 } },
}
const scenarios = [
  { name: 'browsing', options: { weight: 997 } },
  { name: 'searching', options: { weight: 2 } },
  { name: 'buying', options: {} },
]

/** The loads of the three, or what is wrong. */
function resolve(load: object, variables: Readonly<Record<string, string>>): unknown {
  const problems: string[] = []
  const environment = readEnvironment(variables, problems)
  const { profile } = chooseProfile({ profiles }, environment, problems)
  const mixed = resolveMix('shop', { load }, { environment, profile }, scenarios, problems)
  return problems.length > 0 ? problems : mixed.map((part) => part.load)
}

describe('the load of a mix', () => {
  it('is run by each scenario when a profile, a scale or a variable has made it small', () => {
    const one = { vus: 1, iterations: 1 }
    const load = { vus: 2000, iterations: 2000 }
    expect(resolve(load, { LOAD_PROFILE: 'smoke' })).toMatchObject([one, one, one])
    expect(resolve(load, { LOAD_ITERATIONS: '1' })).toMatchObject([one, one, one])
    expect(resolve(load, { LOAD_PROFILE: 'ci' })).toMatchObject([{ vus: 200, iterations: 200 }, one, one])
    expect(resolve(load, { LOAD_SCALE: '0.1' })).toMatchObject([{ vus: 200, iterations: 200 }, one, one])
  })

  it('must be enough for each scenario where it is as written', () => {
    expect(resolve({ vus: 200, iterations: 2000 }, {})).toEqual([
      "scenario 'searching': gets none of 200 VUs with its weight of 2. Raise 'vus' to at least 501, or its weight",
      "scenario 'buying': gets none of 200 VUs with its weight of 1. Raise 'vus' to at least 501, or its weight",
    ])
  })

  it('has a bound on virtual users only where what is in force says one', () => {
    const load = { rate: 50, duration: '1m', maxVUs: 1000 }
    const ample = [{ vus: 200 }, { vus: 100 }, { vus: 100 }]
    expect(resolve(load, { LOAD_PROFILE: 'gentle' })).toMatchObject(ample)
    expect(resolve(load, { LOAD_RATE: '20', LOAD_DURATION: '1s' })).toMatchObject(ample)
    expect(resolve(load, { LOAD_PROFILE: 'bounded' })).toMatchObject([{ vus: 20 }, { vus: 1 }, { vus: 1 }])
    expect(resolve(load, {})).toMatchObject([{ vus: 997 }, { vus: 2 }, { vus: 1 }])
  })
})
