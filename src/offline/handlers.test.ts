import { http, HttpResponse, ws } from 'msw'
import { setupServer } from 'msw/node'
import { describe, expect, it } from 'vitest'
import { handlersOf } from './handlers.ts'

const first = http.get('/first', () => HttpResponse.text('1'))
const second = http.get('/second', () => HttpResponse.text('2'))

describe('handlersOf', () => {
  it('takes the exported handlers, without those of WebSockets', () => {
    const socket = ws.link('ws://shop.test').addEventListener('connection', () => {})
    expect(handlersOf({ handlers: [first, socket, second] }, './h.ts')()).toEqual([first, second])
  })

  it('takes those of an exported server, also the ones it is given later', () => {
    const server = setupServer(first)
    const handlers = handlersOf({ server, handlers: [] }, './h.ts')
    expect(handlers()).toEqual([first])
    server.use(second)
    expect(handlers()).toEqual([second, first])
  })

  it('refuses a module without them', () => {
    expect(() => handlersOf({ routes: [], default: 1 }, './h.ts')).toThrow(
      "'./h.ts' exports neither 'handlers' nor 'server'; it exports routes, default.",
    )
    expect(() => handlersOf({}, './h.ts')).toThrow('it exports nothing')
  })

  it('lists everything that is no handler', () => {
    expect(() => handlersOf({ handlers: [first, [second], 'x'] }, './h.ts')).toThrow(
      expect.objectContaining({
        code: 'ERR_LOAD_OPTIONS',
        message: expect.stringMatching(/handlers\[1\]: expected a handler.*\n.*handlers\[2\]: .* received "x"/),
      }),
    )
    expect(() => handlersOf({ handlers: { get: first } }, './h.ts')).toThrow('expected an array of handlers')
  })
})
