import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface TcpGate {
  url: string
  /** Cuts every connection and takes no new one. */
  shut(): void
  open(): void
  close(): Promise<void>
}

/** A way to a port on this machine that can be cut. */
export async function startGate(port: number): Promise<TcpGate> {
  const sockets = new Set<Socket>()
  let isOpen = true
  const server = createServer((incoming) => {
    if (!isOpen) return void incoming.destroy()
    const onward = connect(port, '127.0.0.1')
    for (const [socket, peer] of [
      [incoming, onward],
      [onward, incoming],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => peer.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        peer.destroy()
      })
    }
    incoming.pipe(onward).pipe(incoming)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (): void => sockets.forEach((socket) => socket.destroy())
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    shut() {
      isOpen = false
      cut()
    },
    open() {
      isOpen = true
    },
    async close() {
      cut()
      await once(server.close(), 'close')
    },
  }
}
