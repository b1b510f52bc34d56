import { describe, expect, it } from 'vitest'
import { FakeTerminal } from '../fixtures/fake-terminal.ts'
import { canRedraw, LiveDisplay } from './live-display.ts'

function setUp(): {
  terminal: FakeTerminal
  out: ReturnType<FakeTerminal['stream']>
  err: ReturnType<FakeTerminal['stream']>
  display: LiveDisplay
} {
  const terminal = new FakeTerminal()
  const out = terminal.stream()
  const err = terminal.stream()
  return { terminal, out, err, display: new LiveDisplay(out, [out, err]) }
}

describe('LiveDisplay', () => {
  it('keeps its line below what others print, on either stream', () => {
    const { terminal, out, err, display } = setUp()
    out.write('before\n')
    display.show(['live 1'])
    out.write('first\n')
    err.write('second\n')
    display.show(['live 2'])
    expect(terminal.screen).toBe('before\nfirst\nsecond\nlive 2')
  })

  it('leaves no trace', () => {
    const { terminal, out, err, display } = setUp()
    display.show(['live', 'more'])
    out.write('a\n')
    display.clear()
    out.write('b\n')
    expect(terminal.screen).toBe('a\nb')
    expect([Object.hasOwn(out, 'write'), Object.hasOwn(err, 'write')]).toEqual([false, false])
  })

  it('waits until a line of somebody else is finished', () => {
    const { terminal, out, display } = setUp()
    display.show(['live 1'])
    out.write('half ')
    display.show(['live 2'])
    expect(terminal.screen).toBe('half')
    out.write(Buffer.from('and half\n'))
    expect(terminal.screen).toBe('half and half\nlive 2')
  })

  it('ends the line of somebody who does not come back to it', () => {
    const { terminal, out, display } = setUp()
    display.show(['live 0'])
    out.write('...')
    for (let second = 1; second <= 6; second++) display.show([`live ${second}`])
    expect(terminal.screen).toBe('...\nlive 6')
  })

  it('does not take an escape sequence for the beginning of a line', () => {
    const { terminal, out, display } = setUp()
    display.show(['live'])
    out.write('\u001b[?25l')
    expect(terminal.screen).toBe('live')
  })

  it('erases more and fewer lines than before', () => {
    const { terminal, display } = setUp()
    display.show(['a', 'b', 'c'])
    display.show(['d'])
    expect(terminal.screen).toBe('d')
    display.show([])
    expect(terminal.screen).toBe('')
  })

  it('passes callbacks and encodings on', async () => {
    const { out, display } = setUp()
    display.show(['live'])
    await new Promise<void>((resolve) => {
      out.write('a\n', 'utf8', () => {
        resolve()
      })
    })
  })

  it('keeps the replacement of somebody who came later', () => {
    const { terminal, out, display } = setUp()
    display.show(['live'])
    const ours = out.write.bind(out)
    const theirs = ((chunk: string) => ours(`> ${chunk}`)) as typeof out.write
    out.write = theirs
    display.clear()
    out.write('a\n')
    expect(out.write).toBe(theirs)
    expect(terminal.screen).toBe('> a')
  })
})

describe('canRedraw', () => {
  it('is a matter of terminals that nobody else redraws', () => {
    const { out } = setUp()
    expect(canRedraw(out, {})).toBe(true)
    expect(canRedraw(out, { CI: 'true' })).toBe(false)
    expect(canRedraw(out, { TERM: 'dumb' })).toBe(false)
    out.write = () => true
    expect(canRedraw(out, {})).toBe(false)
    expect(canRedraw(Object.assign(new FakeTerminal().stream(), { isTTY: false }), {})).toBe(false)
  })
})
