import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import * as z from 'zod'
import { csv } from '../data/csv.ts'
import type { Feeder } from '../data/feeder.ts'
import { generated } from '../data/generated.ts'
import { rows } from '../data/rows.ts'
import { streamed } from '../data/streamed.ts'
import { createRootFrame, frames } from '../session/current.ts'
import { createDefinition } from './fixtures/definitions.ts'
import { openOrdinarySession, runFunctional } from './functional-test.ts'
import { RowSupply } from './row-supply.ts'
import { callBody, type ScenarioDefinition } from './scenario-definition.ts'

const { signal } = new AbortController()
const key = { vuId: 1, iteration: 0, globalIteration: undefined, seed: 1 }
let users = ''

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'dsl-'))
  users = join(folder, 'users.csv')
  writeFileSync(users, 'id\n1\n2\n')
  return () => rmSync(folder, { recursive: true })
})

async function rowsInBody(data: ScenarioDefinition['options']['data']): Promise<unknown> {
  let given: unknown
  const body: ScenarioDefinition['body'] = (context) => void (given = context.data)
  await runFunctional(createDefinition(data === undefined ? {} : { data }, body), signal)
  return given
}

describe('an ordinary test', () => {
  it('has the first row of every feeder', async () => {
    const data = {
      file: csv(users, { schema: z.object({ id: z.coerce.number() }), pick: 'unique' }),
      list: rows(['a', 'b']),
      made: generated(({ index, uniqueId }) => ({ index, hasId: uniqueId() !== uniqueId() })),
      later: generated(async ({ index }) => Promise.resolve(index)),
      read: streamed(() => ['x', 'y']),
    }
    const first = { file: { id: 1 }, list: 'a', made: { index: 0, hasId: true }, later: 0, read: 'x' }
    expect(await rowsInBody(data)).toEqual(first)
  })

  it('fails where rows cannot be read, or there are none, before its hooks', async () => {
    const before = (): never => expect.fail('before ran')
    const run = (feeder: Feeder<unknown>) => runFunctional(createDefinition({ before, data: { user: feeder } }), signal)
    await expect(run(csv(`${users}.old`))).rejects.toMatchObject({ code: 'ERR_LOAD_DATA' })
    await expect(rowsInBody({ user: streamed(() => [], { onEnd: 'stop' }) })).rejects.toThrow(
      "'shopping' has no data row for its first iteration",
    )
  })
})

describe('a body', () => {
  const environment = { prepared: undefined, state: undefined, runSeed: 1, vus: 1 }

  function call(data: NonNullable<ScenarioDefinition['options']['data']>, more: object = {}): unknown {
    const { session } = openOrdinarySession({ scenario: 'shopping', signal })
    onTestFinished(() => session.close())
    const definition = createDefinition({ data }, (context) => context.data)
    return frames.run(createRootFrame(session), () => callBody(definition, session, { ...key, ...more }, environment))
  }

  it('is called at once where its rows are there, and else when they are', async () => {
    expect(call({ list: rows(['a']) })).toEqual({ list: 'a' })
    const later = call({ list: rows(['a']), late: generated(async () => Promise.resolve('b')) })
    expect(later).toBeInstanceOf(Promise)
    expect(await later).toEqual({ list: 'a', late: 'b' })
  })

  it('gets rows by their numbers where these are given', () => {
    const data = { list: rows(['a', 'b', 'c']), other: rows(['d', 'e']) }
    expect(call(data, { rows: { list: 2 } })).toEqual({ list: 'c', other: 'd' })
  })
})

describe('the supply of rows', () => {
  const circumstances = { runSeed: 1, vus: 1 }

  it('counts who has waited, and tells which feeder has ended', async () => {
    let give: () => void = () => undefined
    const slow = async function* () {
      yield 1
      await new Promise<void>((resolve) => (give = resolve))
      yield 2
    }
    const supply = new RowSupply({ slow: streamed(slow, { onEnd: 'stop' }), list: rows(['a', 'b', 'c']) })
    await supply.open({}, 0, 1)
    expect(supply.provide(key, circumstances, signal)).toBe(true)
    const waiting = supply.provide({ ...key, vuId: 2 }, circumstances, signal)
    give()
    expect(await waiting).toBe(true)
    expect(await supply.provide({ ...key, vuId: 3 }, circumstances, signal)).toBe(false)
    expect(supply.report()).toMatchObject({ waits: 1, ended: ['slow'] })
    supply.close()
  })

  it('asks nobody where rows are there from the start', async () => {
    const supply = new RowSupply({ list: rows(['a']), made: generated(() => 1) })
    expect(supply.isOpenable).toBe(false)
    await supply.open({}, 0, 1)
    expect(supply.isAsked).toBe(false)
  })
})
