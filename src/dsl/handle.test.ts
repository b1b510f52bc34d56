import { describe, expect, it } from 'vitest'
import { createHandle, subjectOf, type ScenarioHandle } from './handle.ts'

function handleOf(steps?: readonly string[]): ScenarioHandle {
  return createHandle({ name: 'shop', declarations: [], sealed: false }, steps)
}

const steps = ['login', 'checkout', 'pay', 'a > b']

describe('step() of a handle', () => {
  it.for(['login', 'checkout > pay', 'checkout > of a helper > pay', 'a > b', 'login > a > b'])(
    "takes '%s', which begins and ends with what 'steps' lists",
    (name) => {
      expect(subjectOf(handleOf(steps).step(name), 'test').target).toEqual({ kind: 'step', name })
    },
  )

  it('takes any name without `steps`', () => {
    expect(subjectOf(handleOf().step('whatever'), 'test').target).toEqual({ kind: 'step', name: 'whatever' })
  })

  it.for([
    ['logn', "Did you mean 'login'?"],
    ['Login', "Did you mean 'login'?"],
    ['chekout > pay', "Did you mean 'checkout > pay'?"],
    ['checkout > pya', "Did you mean 'checkout > pay'?"],
    ['checkout > of a helper > pya', "Did you mean 'checkout > of a helper > pay'?"],
    ['a >b', "Did you mean 'a > b'?"],
    ['browse', "Listed: 'login', 'checkout', 'pay', 'a > b'. Add it there."],
    ['checkout > of a helper', "Listed: 'login', 'checkout', 'pay', 'a > b'. Add it there."],
  ] as const)("refuses '%s'", ([path, advice]) => {
    const message = `.step("${path}") of scenario 'shop': no such step in its option 'steps'. ${advice}`
    expect(() => handleOf(steps).step(path)).toThrow(expect.objectContaining({ code: 'ERR_LOAD_OPTIONS', message }))
  })

  it('refuses every name where `steps` is empty', () => {
    const message = `.step("pay") of scenario 'shop': no such step in its option 'steps'. Listed: none. Add it there.`
    expect(() => handleOf([]).step('pay')).toThrow(expect.objectContaining({ message }))
  })
})
