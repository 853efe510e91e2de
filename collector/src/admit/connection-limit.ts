import type { Server, Socket } from 'node:net'

export interface ConnectionLimitOptions {
  maxConnections: number
  maxPerAddress: number
}

/** Closes what is over the limit at once; returns the open sockets, kept up to date. */
export function limitConnections(server: Server, options: ConnectionLimitOptions): ReadonlySet<Socket> {
  const open = new Set<Socket>()
  const perAddress = new Map<string, number>()
  server.maxConnections = options.maxConnections
  server.prependListener('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const count = (perAddress.get(address) ?? 0) + 1
    if (count > options.maxPerAddress) {
      socket.destroy()
      return
    }
    open.add(socket)
    perAddress.set(address, count)
    socket.once('close', () => {
      open.delete(socket)
      const left = (perAddress.get(address) ?? 1) - 1
      if (left === 0) perAddress.delete(address)
      else perAddress.set(address, left)
    })
  })
  return open
}
