import { describe, expect, it } from 'vitest'
import { parseReplayable, readReplay } from './replay.ts'

describe('readReplay', () => {
  it.each([
    ['k3f9qa', { id: 'k3f9qa', path: undefined }],
    ['K3F9QA', { id: 'k3f9qa', path: undefined }],
    ['OIL9QA', { id: '0119qa', path: undefined }],
    ['results/a#b.json#k3f9qa', { id: 'k3f9qa', path: 'results/a#b.json' }],
  ])('reads %s', (text, expected) => {
    const problems: string[] = []
    expect(readReplay(text, problems)).toEqual(expected)
    expect(problems).toEqual([])
  })

  it.each(['k3f9q', 'results/a.json', '#k3f9qa', 'a.json#', 'k3f9q!'])('refuses %s', (text) => {
    const problems: string[] = []
    expect(readReplay(text, problems)).toBeUndefined()
    expect(problems).toEqual([
      `LOAD_REPLAY: expected an id of the error table such as 'k3f9qa', or 'path/to/result.json#k3f9qa'; received "${text}"`,
    ])
  })

  it('asks for nothing when it is not set', () => {
    expect(readReplay(undefined, [])).toBeUndefined()
    expect(readReplay('', [])).toBeUndefined()
  })
})

describe('parseReplayable', () => {
  it('takes no other file for a result', () => {
    for (const text of ['', '{', '[]', '{"errors":[]}']) expect(parseReplayable(text)).toBeUndefined()
  })
})
