import type { Socket } from 'node:net'
import { selfSigned } from '../../../src/http/fixtures/certificate.ts'
import { expired, trusted, wrongHost } from './certificates.ts'
import { startFullBacklog } from './full-backlog.ts'
import { startRawServer, startSocketServer, type RawServer } from './raw-server.ts'
import { startTlsServer, type TlsServer } from './tls-servers.ts'

/** A server that dies when so many requests for `/held` wait, and comes back when so many have asked `control`. */
export interface MortalServer {
  readonly server: RawServer
  readonly control: RawServer
}

export async function startMortal(users: number): Promise<MortalServer> {
  let held = 0
  const server = await startRawServer({
    '/held': () => {
      held += 1
      if (held === users) void server.stop()
    },
  })
  const waiting: Socket[] = []
  const control = await startRawServer({
    '/revive': (socket) => {
      if (waiting.push(socket) < users) return
      void server.restart().then(() => {
        for (const asking of waiting) asking.write('HTTP/1.1 204 No Content\r\n\r\n')
      })
    },
  })
  return { server, control }
}

/** TLS servers, each with something wrong but `trusted`. */
export async function startTlsServers(): Promise<Readonly<Record<string, TlsServer>>> {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  return {
    selfSigned: await startTlsServer(selfSigned),
    wrongHost: await startTlsServer(wrongHost),
    expired: await startTlsServer(expired),
    oldTls: await startTlsServer({ ...trusted, ...old }),
    trusted: await startTlsServer(trusted),
  }
}

/** Origins at which no connection, or no TLS, comes about. */
export async function startDeadEnds(): Promise<Readonly<Record<string, string>>> {
  const noTls = await startSocketServer((raw, socket) => {
    raw.accept(socket)
    socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))
  })
  const silent = await startSocketServer((raw, socket) => raw.accept(socket))
  const hangsUp = await startSocketServer((raw, socket) => {
    raw.accept(socket)
    socket.once('data', () => socket.resetAndDestroy())
  })
  const secure = ({ url }: RawServer): string => url.replace('http:', 'https:')
  return {
    noTls: secure(noTls),
    silent: secure(silent),
    hangsUp: secure(hangsUp),
    fullBacklog: await startFullBacklog(),
  }
}
