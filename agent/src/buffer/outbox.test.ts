import { createServer } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { agentConfigSchema } from '@skein/schemas/agent-config'
import { expect, it, onTestFinished } from 'vitest'
import { makePlace, until } from '../agent-for-tests.ts'
import { createCounters } from '../send/counters.ts'
import { startSink } from '../sink-for-tests.ts'
import { openBufferFile } from './disk-buffer.ts'
import { createOutbox } from './outbox.ts'

async function outboxOf(endpoint: string, options: { directory?: string; compression?: 'none' } = {}) {
  const events: Record<string, unknown>[] = []
  const tell = (fields: object): void => void events.push(fields as Record<string, unknown>)
  const counters = createCounters()
  const disk = { full: false }
  const directory = options.directory ?? makePlace().logs
  const outbox = createOutbox({
    config: agentConfigSchema.parse({ ...(options.compression === undefined ? {} : { compression: options.compression }) }),
    endpoint,
    hostName: 'h',
    version: 'test',
    logger: { debug: tell, info: tell, warn: tell, error: tell },
    clock: Date.now,
    random: Math.random,
    dataDirectory: directory,
    counters,
    openBuffer(path) {
      const file = openBufferFile(path)
      return { ...file, change: (change) => (disk.full ? Promise.reject(new Error('ENOSPC')) : file.change(change)) }
    },
  })
  outbox.start()
  const stop = async (): Promise<void> => outbox.stop(100)
  return { outbox, counters, events, disk, directory, stop }
}

/** Answers as told, and keeps what it was sent. */
async function collector(port = 0) {
  const sink = await startSink(port)
  onTestFinished(() => sink.close())
  return sink
}

it('a full disk of the agent: what cannot be kept is counted with its reason, told once, seen in health, and over when there is room', async () => {
  const sink = await collector()
  sink.answer = () => ({ status: 503, headers: { 'retry-after': '0' } })
  const { outbox, counters, events, disk, stop } = await outboxOf(sink.url)
  onTestFinished(stop)
  disk.full = true
  for (let n = 0; n < 5; n++) await outbox.post('metrics', Buffer.from([]), 7)
  expect(counters.drops).toEqual([{ signal: 'metrics', reason: 'agent_disk_refused', records: 35 }])
  expect(events.filter(({ event }) => event === 'buffer_unwritable')).toHaveLength(1)
  expect(outbox.troubles.disk).toBe('Error: ENOSPC')
  disk.full = false
  await outbox.post('logs', Buffer.from([]), 1)
  expect([outbox.troubles.disk, outbox.bytes]).toEqual([null, 4096])
  sink.answer = () => ({ status: 200 })
  await until(() => outbox.bytes === 0, 'it is taken')
  expect(counters.drops[0]?.records).toBe(35)
})

it('a request waits as it was packed, whatever the configuration says after the next start', async () => {
  const away = await outboxOf('http://127.0.0.1:1')
  await away.outbox.post('metrics', Buffer.from('\n\x03abc'), 3)
  await away.stop()
  const seen: [string | undefined, string][] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      seen.push([request.headers['content-encoding'], gunzipSync(Buffer.concat(parts)).toString()])
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void (server.closeAllConnections(), server.close()))
  const { port } = server.address() as { port: number }
  const again = await outboxOf(`http://127.0.0.1:${port}`, { directory: away.directory, compression: 'none' })
  await until(() => again.outbox.bytes === 0, 'it is taken')
  await again.stop()
  expect(seen).toEqual([['gzip', '\n\x03abc']])
})
