import { describe, expect, it } from 'vitest'
import { readEnvironment } from './environment.ts'
import { chooseProfile, describeIntensity, type ChosenProfile, type ProfilesOptions } from './profiles.ts'
import { resolveScenarioOptions, type ResolvedScenarioOptions } from './scenario-options.ts'

const profiles = { smoke: { load: { vus: 1, iterations: 1 } }, ci: { scale: '10%' }, stress: { scale: 3 } } as const

function choose(options: unknown, variables: Record<string, string> = {}): ChosenProfile & { problems: string[] } {
  const problems: string[] = []
  const chosen = chooseProfile(options as ProfilesOptions, readEnvironment(variables, []), problems)
  return { ...chosen, problems }
}

describe('chooseProfile', () => {
  it('chooses none by itself', () => {
    expect(choose({ profiles })).toEqual({ profile: undefined, unknown: undefined, problems: [] })
  })

  it('takes the one that is written, and that of the environment before it', () => {
    expect(choose({ profiles, profile: 'ci' }).profile).toEqual({ name: 'ci', load: undefined, scale: 0.1 })
    const { profile } = choose({ profiles, profile: 'ci' }, { LOAD_PROFILE: 'smoke' })
    expect(profile).toMatchObject({ name: 'smoke', load: { vus: 1, iterations: 1 }, scale: 1 })
  })

  it('tells of an unknown one what is known', () => {
    expect(choose({ profiles, profile: 'nightly' }).problems).toEqual([
      'profile: no such profile; received "nightly"; known are smoke, ci, stress',
    ])
    expect(choose({ profiles }, { LOAD_PROFILE: 'smok' })).toEqual({
      profile: undefined,
      unknown: `LOAD_PROFILE: no such profile; received "smok"; did you mean 'smoke'? (known are smoke, ci, stress)`,
      problems: [],
    })
    expect(choose({}, { LOAD_PROFILE: 'ci' }).unknown).toBe(
      `LOAD_PROFILE: no such profile; received "ci"; the project has none: give loadProject() an option 'profiles'`,
    )
  })

  it('tells everything that is wrong with all of them', () => {
    const wrong = {
      profiles: { a: { load: { vus: 0 } }, b: { scale: 0 }, c: {}, d: { load: {}, scale: 2 }, e: { vus: 3 }, f: 3 },
      profile: 'nightly',
    }
    expect(choose(wrong).problems).toEqual([
      'profiles.a.load.vus: expected a whole number from 1 to 100,000; received 0',
      "profiles.b.scale: expected a number above zero such as 0.5, or a percentage such as '50%'; received 0",
      'profiles.c: expected { load: { vus: 1, iterations: 1 } } or { scale: 0.1 }; received {}',
      "profiles.d: 'load' and 'scale' contradict each other. Remove 'load' or remove 'scale'",
      'profiles.e.vus: unknown option; known are load, scale',
      'profiles.f: expected { load: { vus: 1, iterations: 1 } } or { scale: 0.1 }; received 3',
      'profile: no such profile; received "nightly"; known are a, b, c, d, e, f',
    ])
  })
})

describe('the load in force', () => {
  const load = { vus: 20, duration: '30s' }
  const resolve = (variables: Record<string, string>, profile?: string): ResolvedScenarioOptions => {
    const environment = readEnvironment(variables, [])
    const chosen = choose(profile === undefined ? { profiles } : { profiles, profile }, variables)
    return resolveScenarioOptions('shopping', { load }, environment, chosen.profile)
  }

  it.for([
    [{}, undefined, { vus: 20 }, ''],
    [{}, 'ci', { vus: 2 }, ' (profile ci, × 0.1)'],
    [{}, 'smoke', { vus: 1, iterations: 1 }, ' (profile smoke)'],
    [{ LOAD_SCALE: '0.5' }, undefined, { vus: 10 }, ' (× 0.5)'],
    [{ LOAD_SCALE: '2' }, 'stress', { vus: 120 }, ' (profile stress, × 6)'],
    [{ LOAD_SCALE: '4' }, 'smoke', { vus: 4, iterations: 4 }, ' (profile smoke, × 4)'],
    [{ LOAD_PROFILE: 'stress' }, 'ci', { vus: 60 }, ' (profile stress, × 3)'],
    [{ LOAD_VUS: '8' }, 'ci', { vus: 8, iterations: 8 }, ''],
    [{ LOAD_VUS: '8', LOAD_SCALE: '50%' }, 'ci', { vus: 4, iterations: 4 }, ' (× 0.5)'],
  ] as const)('is that of %j and profile %s', ([variables, profile, expected, told]) => {
    const resolved = resolve(variables, profile)
    expect(resolved.load).toMatchObject(expected)
    expect(describeIntensity(resolved.intensity)).toBe(told)
  })
})
