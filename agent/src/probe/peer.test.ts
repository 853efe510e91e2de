import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { until } from '../agent-for-tests.ts'
import { listen } from '../listen.ts'
import { createPeerClient, type PeerClient } from './peer-client.ts'
import { createPeerServer } from './peer-server.ts'
import { PEER_PATH } from './peer-words.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end()
})

const quiet = (): void => undefined
const nowMs = (): number => performance.now()

async function serverOf(options: { key?: string; limitMs?: number } = {}): Promise<number> {
  const server = createPeerServer({
    host: '127.0.0.1',
    port: 0,
    key: options.key,
    transferBytes: 65_536,
    limitMs: options.limitMs ?? 500,
    identity: { name: 'n', labels: {} },
    nowMs,
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  })
  const port = await server.start()
  ends.push(server.stop)
  return port
}

/** What the server says to these bytes until it, or we, have nothing more to say. */
function sendRaw(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let told = ''
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes))
    socket.on('data', (part: Buffer) => {
      told += part.toString('latin1')
    })
    socket.on('error', quiet)
    socket.on('close', () => resolve(told))
    // A request whose end never comes keeps the connection.
    setTimeout(() => socket.destroy(), 100).unref()
  })
}

const nameOf = async (port: number): Promise<unknown> => ((await (await fetch(`http://127.0.0.1:${port}${PEER_PATH.ask}`)).json()) as { name: string }).name

test('the peer server takes and sends no more than it may', async () => {
  const base = `http://127.0.0.1:${await serverOf()}${PEER_PATH.ask}`
  expect(await (await fetch(base)).json()).toEqual({ name: 'n', labels: {}, transferBytes: 65_536 })
  expect((await (await fetch(`${base}/down?bytes=99999999`)).arrayBuffer()).byteLength).toBe(65_536)
  for (const bytes of ['-1', 'x', '']) expect((await (await fetch(`${base}/down?bytes=${bytes}`)).arrayBuffer()).byteLength).toBe(0)
  expect(await (await fetch(`${base}/up`, { method: 'POST', body: Buffer.alloc(65_536) })).json()).toMatchObject({ bytes: 65_536 })
  await expect(fetch(`${base}/up`, { method: 'POST', body: Buffer.alloc(300_000) })).rejects.toThrow('fetch failed')
  expect((await fetch(base, { method: 'POST' })).status).toBe(404)
})

test.each(['//', '///', '//[', 'http://[', '/\\', '/?', '*', 'http://%', '/skein-probe/down?bytes=%ff%', '/skein-probe//'])(
  'a request for %s is answered, and first of all asked for the key',
  async (target) => {
    const ask = (port: number) => sendRaw(port, Buffer.from(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`, 'latin1'))
    expect(await ask(await serverOf({ key: 'k' }))).toMatch(/^HTTP\/1\.1 403 /)
    const open = await serverOf()
    expect(await ask(open)).toMatch(/^HTTP\/1\.1 (?:404|200) /)
    expect(await nameOf(open)).toBe('n')
  },
)

test('no bytes that come over the port keep the server from its next answer', async () => {
  const port = await serverOf({ limitMs: 100 })
  const word = fc.constantFrom(
    'GET',
    'POST',
    'CONNECT',
    'OPTIONS',
    PEER_PATH.ask,
    PEER_PATH.down,
    PEER_PATH.up,
    '//',
    ' ',
    '\r\n',
    '\0',
    'HTTP/1.1',
    '?bytes=9e99',
  )
  const header = fc.constantFrom(
    'host: x',
    'content-length: 5',
    'content-length: -1',
    'transfer-encoding: chunked',
    'expect: 100-continue',
    'upgrade: websocket',
  )
  const request = fc.tuple(fc.array(word, { maxLength: 6 }), fc.array(header, { maxLength: 4 }), fc.uint8Array({ maxLength: 40 }))
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((all) => Buffer.from(all)),
    request.map(([words, headers, body]) => Buffer.concat([Buffer.from(`${words.join('')}\r\n${headers.join('\r\n')}\r\n\r\n`), body])),
    request.map(([words, headers, body]) =>
      Buffer.concat([Buffer.from(`POST ${PEER_PATH.up}${words.join('')} HTTP/1.1\r\nhost: x\r\n${headers.join('\r\n')}\r\n\r\n`), body]),
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 8 }), async (all) => {
      await Promise.all(all.map((each) => sendRaw(port, each)))
      expect(await nameOf(port)).toBe('n')
    }),
    { numRuns: 12 },
  )
})

test('what the system cannot accept ends no process', async () => {
  const server = createHttpServer()
  ends.push(() => server.close())
  const failed: string[] = []
  await listen(server, { host: '127.0.0.1', port: 0, settings: { port: 'X' }, failed: ({ message }) => failed.push(message) })
  server.emit('error', new Error('EMFILE'))
  server.emit('error', new Error('EMFILE'))
  expect(failed).toEqual(['EMFILE', 'EMFILE'])
})

test('a port that is taken and an address of another machine are told with the setting to change', async () => {
  const taken = await serverOf()
  const attempt = (host: string, port: number): Promise<unknown> =>
    listen(createHttpServer(), { host, port, settings: { host: 'THE_HOST', port: 'THE_PORT' }, failed: quiet }).catch(
      (error: Error) => `${error.name}: ${error.message}`,
    )
  expect(await attempt('127.0.0.1', taken)).toBe(`ListenError: Port ${taken} is in use on 127.0.0.1: stop what listens there, or set THE_PORT to another.`)
  expect(await attempt('192.0.2.7', 0)).toBe(
    "ListenError: The address 192.0.2.7 (THE_HOST) is not one of this machine's: give one that is, or 0.0.0.0 for all.",
  )
})

function clientOf(port: number, signal: AbortSignal): PeerClient {
  const client = createPeerClient({ address: `127.0.0.1:${port}`, key: undefined, connections: 2, nowMs, signal })
  ends.push(client.close)
  return client
}

const exchanges = (client: PeerClient): (() => Promise<unknown>)[] => [
  () => client.connect(2000),
  () => client.ask(2000),
  () => client.download(1000, 2000),
  () => client.upload(1000, 2000),
]

test('after a stop nothing is opened to a peer', async () => {
  let connections = 0
  const server = createServer(() => void connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.close())
  const stopping = new AbortController()
  const client = clientOf((server.address() as AddressInfo).port, stopping.signal)
  stopping.abort()
  for (const exchange of exchanges(client)) await expect(exchange()).rejects.toThrow('stopped')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(connections).toBe(0)
})

test('a stop ends what waits for a peer, and a request that waits for its turn is never made', async () => {
  let seen = 0
  const server = createHttpServer(() => void seen++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => void (server.closeAllConnections(), server.close()))
  const stopping = new AbortController()
  const client = clientOf((server.address() as AddressInfo).port, stopping.signal)
  const asked = [client.ask(60_000), client.ask(60_000), client.ask(60_000)].map((each) => each.catch((error: Error) => error.message))
  await until(() => seen === 2, 'two requests, and a third that waits')
  stopping.abort()
  expect(await Promise.all(asked)).toEqual(['stopped', 'stopped', 'stopped'])
  expect(seen).toBe(2)
})
