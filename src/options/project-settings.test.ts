import { describe, expect, it } from 'vitest'
import { findSettingProblems, requireOptions } from './project-settings.ts'

describe('findSettingProblems', () => {
  it('takes what Vitest takes, and leaves other options alone', () => {
    const settings = { name: 'load', include: ['a.spec.ts'], exclude: [], globalSetup: 'a.ts', setupFiles: ['b.ts'] }
    expect(findSettingProblems({ ...settings, config: { test: {} }, threads: 'x' })).toEqual([])
    expect(findSettingProblems({})).toEqual([])
  })

  it.for([
    [{ name: '' }, `name: expected a name such as 'load'; received ""`],
    [{ name: 5 }, "name: expected a name such as 'load'; received 5"],
    [
      { include: 'specs/*.spec.ts' },
      `include: expected an array of globs such as ['specs/**/*.spec.ts']; received "specs/*.spec.ts"`,
    ],
    [{ exclude: [5] }, "exclude.0: expected an array of globs such as ['specs/**/*.spec.ts']; received 5"],
    [
      { globalSetup: 5 },
      "globalSetup: expected the path of a module such as './global-setup.ts', or an array of them; received 5",
    ],
    [
      { setupFiles: [''] },
      `setupFiles.0: expected the path of a module such as './global-setup.ts', or an array of them; received ""`,
    ],
    [
      { config: 'vitest.config.ts' },
      'config: expected options of a Vitest project such as { resolve: { alias } }; received "vitest.config.ts"',
    ],
    [null, 'options: expected an object; received null'],
  ] as const)('refuses %j', ([options, problem]) => {
    expect(findSettingProblems(options)).toEqual([problem])
  })
})

it.for([null, 'specs', ['a.spec.ts']])('takes nothing but an object for options: %j', (options) => {
  expect(() => requireOptions('Options', options)).toThrow(/^Options: 1 problem\.\n {2}- options: expected an object; /)
})
