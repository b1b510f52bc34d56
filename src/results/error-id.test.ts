import { describe, expect, it } from 'vitest'
import { errorIds, type ErrorIdentity } from './error-id.ts'

const scenario = { file: 'shop.spec.ts', scenario: 'shop' }
const row = (message: string): ErrorIdentity => ({ category: 'reset', message, step: 'pay', request: 'POST /orders' })

describe('errorIds', () => {
  it('are short and easy to type', () => {
    for (const id of errorIds(scenario, [row('a'), row('b')])) expect(id).toMatch(/^[\da-hjkmnp-tv-z]{6}$/)
  })

  it('are the same for a kind of failure in every run, whatever else failed', () => {
    const [gone] = errorIds(scenario, [row('gone')])
    expect(errorIds(scenario, [row('lost'), row('gone')])[1]).toBe(gone)
  })

  it('differ by category, message, step, request, scenario and file', () => {
    const others = [{ category: 'tls' }, { message: 'x' }, { step: '' }, { request: '' }]
    const ids = [
      ...errorIds(scenario, [row('gone'), ...others.map((other) => ({ ...row('gone'), ...other }))]),
      ...errorIds({ ...scenario, scenario: 'other' }, [row('gone')]),
      ...errorIds({ ...scenario, file: 'other.spec.ts' }, [row('gone')]),
    ]
    expect(new Set(ids).size).toBe(7)
  })

  it('are given once within a result', () => {
    const ids = errorIds(scenario, [row('gone'), row('gone'), row('gone')])
    expect(new Set(ids).size).toBe(3)
  })
})
