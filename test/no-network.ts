import dns from 'node:dns'
import net from 'node:net'

// Preloaded with `--import`: whatever uses the network fails.

function refuse(): never {
  throw new Error('The network was used.')
}

Object.assign(net.Socket.prototype, { connect: refuse })
Object.assign(net.Server.prototype, { listen: refuse })
Object.assign(dns, { lookup: refuse })
Object.assign(dns.promises, { lookup: refuse })
