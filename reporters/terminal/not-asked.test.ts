import { describe, expect, it } from 'vitest'
import { plainPage } from '../fixtures/pages.ts'
import { renderNotAsked } from './report.ts'

const page = plainPage(100)

describe('the hint of a load that was not asked for', () => {
  it('names the number of files and the command', () => {
    expect(renderNotAsked(['load'], 3, page)).toMatchInlineSnapshot(`
      [
        "load not started: 3 load spec files skipped. Run  npx vitest run --project load  (or set LOAD=1).",
      ]
    `)
    expect(renderNotAsked(['load', 'load (eu)'], 1, page)).toMatchInlineSnapshot(`
      [
        "load not started: 1 load spec file skipped.",
        "Run  npx vitest run --project load --project "load (eu)"  (or set LOAD=1).",
      ]
    `)
    expect(renderNotAsked(['load'], 0, page)).toMatchInlineSnapshot(`
      [
        "load not started: it was not asked for. Run  npx vitest run --project load  (or set LOAD=1).",
      ]
    `)
    expect(renderNotAsked([''], 1, page)).toEqual([
      'load not started: 1 load spec file skipped. Run  LOAD=1 npx vitest run.',
    ])
  })

  it('puts the command of a load that was not asked for on a line of its own', () => {
    expect(renderNotAsked(['load'], 3, plainPage(80))).toMatchInlineSnapshot(`
      [
        "load not started: 3 load spec files skipped.",
        "Run  npx vitest run --project load  (or set LOAD=1).",
      ]
    `)
  })
})
