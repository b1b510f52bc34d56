import { describe, expect, it } from 'vitest'
import type { TestProject } from 'vitest/node'
import { isLoadAsked } from './asked.ts'

function isAsked(filters: string | string[], name: string = 'load', byEnvironment: boolean = false): boolean {
  return isLoadAsked({ name, vitest: { config: { project: filters } } } as unknown as TestProject, byEnvironment)
}

describe('isLoadAsked', () => {
  it.for([['load'], ['LOAD'], ['unit', 'load'], ['lo*'], ['*load'], ['l*d'], ['load*']])(
    'takes --project %j for a request',
    (...filters) => {
      expect(isAsked(filters.flat().filter((filter) => typeof filter === 'string'))).toBe(true)
    },
  )

  it.for([
    [[]],
    [['unit']],
    [['*']],
    [['**']],
    [['!unit']],
    [['!load']],
    [['loa']],
    [['overload']],
    [['l.ad']],
    [['']],
  ] as [string[]][])('does not take --project %j for one', ([filters]) => {
    expect(isAsked(filters)).toBe(false)
  })

  it('takes one filter for a list', () => {
    expect(isAsked('load')).toBe(true)
  })

  it('takes special characters of a name literally', () => {
    expect(isAsked(['load (eu)'], 'load (eu)')).toBe(true)
    expect(isAsked(['load+'], 'loadd')).toBe(false)
    expect(isAsked(['load.*'], 'load.eu')).toBe(true)
  })

  it('lets LOAD=1 ask for any', () => {
    expect(isAsked([], 'load', true)).toBe(true)
    expect(isAsked(['unit'], 'load', true)).toBe(true)
  })
})
