import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Transport } from './app.ts'
import type { TransportStats } from './schemas.ts'

/** Counts connections and their bytes. */
export interface Connections extends Transport {
  /** Takes a connection out of all counts: it belongs to whoever reads them. */
  exclude(socket: Socket): void
}

interface Baseline {
  /** Bytes of this connection from before the reset. */
  received: number
  sent: number
  isOpenedSinceReset: boolean
}

/** Counts the connections that `server` accepts from now on. */
export function countConnections(server: Server): Connections {
  const open = new Map<Socket, Baseline>()
  let closed = createStats()
  server.on('connection', (socket: Socket) => {
    open.set(socket, { received: 0, sent: 0, isOpenedSinceReset: true })
    socket.once('close', () => {
      const baseline = open.get(socket)
      if (baseline) addConnection(closed, socket, baseline)
      open.delete(socket)
    })
  })
  return {
    exclude: (socket) => void open.delete(socket),
    stats: () => {
      const stats = { ...closed, connectionsOpen: open.size }
      for (const [socket, baseline] of open) addConnection(stats, socket, baseline)
      return stats
    },
    reset: () => {
      closed = createStats()
      for (const socket of open.keys()) {
        open.set(socket, { received: socket.bytesRead, sent: socket.bytesWritten, isOpenedSinceReset: false })
      }
    },
  }
}

function addConnection(stats: TransportStats, socket: Socket, baseline: Baseline): void {
  stats.bytesReceived += socket.bytesRead - baseline.received
  stats.bytesSent += socket.bytesWritten - baseline.sent
  if (baseline.isOpenedSinceReset) stats.connectionsOpened += 1
}

function createStats(): TransportStats {
  return { connectionsOpened: 0, connectionsOpen: 0, bytesReceived: 0, bytesSent: 0 }
}
