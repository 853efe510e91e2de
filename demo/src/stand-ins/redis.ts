import { createServer, type Server } from 'node:net'

/** As much of RESP as the `ioredis` client needs: INFO (its ready check), GET, SET with any options; other commands answer OK. */
export function createRedisStandIn(): Server {
  const values = new Map<string, string>()
  return createServer((socket) => {
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    let pending = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      pending += chunk
      for (;;) {
        const parsed = readCommand(pending)
        if (parsed === null) return
        pending = pending.slice(parsed.end)
        socket.write(answer(values, parsed.words))
      }
    })
  })
}

const MAX_KEYS = 10_000

function answer(values: Map<string, string>, [command = '', key = '', value = '']: readonly string[]): string {
  switch (command.toUpperCase()) {
    case 'INFO':
      return bulk('redis_version:7.4.0\r\nloading:0\r\n')
    case 'GET': {
      const found = values.get(key)
      return found === undefined ? '$-1\r\n' : bulk(found)
    }
    case 'SET':
      if (values.size >= MAX_KEYS) values.clear()
      values.set(key, value)
      return '+OK\r\n'
    default:
      return '+OK\r\n'
  }
}

function bulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`
}

/** One RESP array of bulk strings (ASCII in the demo), or null while it is incomplete. */
function readCommand(text: string): { words: string[]; end: number } | null {
  const head = /^\*(\d+)\r\n/.exec(text)
  if (head === null) return null
  const words: string[] = []
  let at = head[0].length
  for (let i = 0; i < Number(head[1]); i++) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at, at + 16))
    if (size === null) return null
    const start = at + size[0].length
    const end = start + Number(size[1])
    if (text.length < end + 2) return null
    words.push(text.slice(start, end))
    at = end + 2
  }
  return { words, end: at }
}
