import { createServer, type Server, type Socket } from 'node:net'

const SSL_REQUEST = 80877103
const READ_MS = 2

/**
 * As much of the PostgreSQL wire protocol (version 3) as the `pg` client needs: any user may connect, every query answers
 * one row `{"ok": "1"}`. So the services use the real client, and its real instrumentation.
 */
export function createPostgresStandIn(extraMs: (database: string) => number): Server {
  return createServer((socket) => {
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    let database: string | null = null
    let pending = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk])
      for (;;) {
        const lengthAt = database === null ? 0 : 1
        if (pending.length < lengthAt + 4) return
        const end = lengthAt + pending.readInt32BE(lengthAt)
        if (pending.length < end) return
        const message = pending.subarray(0, end)
        pending = pending.subarray(end)
        if (database === null) database = start(socket, message)
        else answer(socket, String.fromCharCode(message[0] ?? 0), READ_MS + extraMs(database))
      }
    })
  })
}

/** The database that was asked for; null while the client still asks whether there is TLS. */
function start(socket: Socket, message: Buffer): string | null {
  if (message.readInt32BE(4) === SSL_REQUEST) {
    socket.write('N')
    return null
  }
  const parameter = (name: string, value: string): Buffer => frame('S', Buffer.from(`${name}\0${value}\0`))
  socket.write(Buffer.concat([frame('R', int32(0)), parameter('server_version', '16.0'), parameter('client_encoding', 'UTF8'), ready()]))
  return databaseOf(message)
}

/** From a startup message: pairs of texts, each ended by a zero. */
export function databaseOf(message: Buffer): string {
  const words = message.subarray(8).toString().split('\0')
  return words[words.indexOf('database') + 1] ?? ''
}

/** Parse, Bind, Describe and Execute are answered at once; the pause of a read comes with Sync or a simple query. */
function answer(socket: Socket, type: string, readMs: number): void {
  const replies: Record<string, () => Buffer> = {
    P: () => frame('1', Buffer.alloc(0)),
    B: () => frame('2', Buffer.alloc(0)),
    D: rowDescription,
    E: () => Buffer.concat([dataRow(), complete()]),
    C: () => frame('3', Buffer.alloc(0)),
  }
  if (type === 'X') socket.end()
  else if (type === 'Q') setTimeout(() => socket.write(Buffer.concat([rowDescription(), dataRow(), complete(), ready()])), readMs)
  else if (type === 'S') setTimeout(() => socket.write(ready()), readMs)
  else socket.write(replies[type]?.() ?? Buffer.alloc(0))
}

function frame(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function rowDescription(): Buffer {
  const column = Buffer.alloc(18)
  column.writeInt32BE(25, 6) // type oid: text
  column.writeInt16BE(-1, 10)
  column.writeInt32BE(-1, 12)
  return frame('T', Buffer.concat([Buffer.from([0, 1]), Buffer.from('ok\0'), column]))
}

function dataRow(): Buffer {
  return frame('D', Buffer.concat([Buffer.from([0, 1]), int32(1), Buffer.from('1')]))
}

function complete(): Buffer {
  return frame('C', Buffer.from('SELECT 1\0'))
}

function ready(): Buffer {
  return frame('Z', Buffer.from('I'))
}
