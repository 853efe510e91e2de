import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { call, callGrpc, callRaw, partialOf } from './clients-for-tests.ts'
import { startCollector, type TestCollector, type TestOptions } from './collector-for-tests.ts'
import { decodeMessage } from './otlp-oracle.ts'
import { mutated, sampleRequest, seededRandom } from './sample-request.ts'

const MIB = 1024 * 1024
/** For what comes at once on a machine that does nothing else. */
const PATIENCE_MS = 10_000
const good = sampleRequest({ seed: 1, spans: 30, nowMs: Date.now() })

describe('abuse', () => {
  let collector: TestCollector
  const start = async (intake: TestOptions['intake'] = {}): Promise<void> => {
    collector = await startCollector({ intake })
  }
  const metrics = async (): Promise<string> => (await call(collector.http, { method: 'GET', path: '/metrics' })).body.toString()
  afterEach(() => collector.stop(200))

  /** Sends text, collects what comes back, resolves when the other side closes. */
  function talk(port: number, text: string): { socket: Socket; closed: Promise<string> } {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString()
    })
    socket.write(text)
    const closed = new Promise<string>((resolve) => {
      socket.on('close', () => resolve(answer))
      socket.on('error', () => undefined)
    })
    return { socket, closed }
  }

  it('fifty bombs at once cost no more than the budgets, and a good request passes among them', async () => {
    await start()
    const zeros = Buffer.alloc(200 * MIB)
    const bombs = [
      [gzipSync(zeros), 'gzip'],
      [zstdCompressSync(zeros), 'zstd'],
    ] as const
    globalThis.gc?.()
    const before = process.memoryUsage()
    let peakBytes = 0
    const watch = setInterval(() => {
      const { external, arrayBuffers } = process.memoryUsage()
      peakBytes = Math.max(peakBytes, external + arrayBuffers - before.external - before.arrayBuffers)
    }, 5)
    const replies = Promise.all(
      Array.from({ length: 50 }, (_, i) => call(collector.http, { body: bombs[i % 2]![0], headers: { 'content-encoding': bombs[i % 2]![1] } })),
    )
    let bombsAnswered = false
    void replies.then(() => {
      bombsAnswered = true
    })
    const among = await call(collector.http, { body: good })
    const amongBombs = !bombsAnswered
    const codes = new Set((await replies).map(({ code }) => code))
    clearInterval(watch)
    expect(codes).toContain(413)
    expect([...codes].every((code) => code === 413 || code === 503)).toBe(true)
    expect(among.code).toBe(200)
    expect(amongBombs).toBe(true)
    // `external` counts array buffers too, so every byte is counted twice; the rest is what zlib itself needs.
    expect(peakBytes / 2).toBeLessThan(160 * MIB)
    expect(new Set(collector.data().map(({ envelope }) => Buffer.from(envelope.requestId).toString('hex'))).size).toBe(1)
  })

  it('mutated requests get 200 or 400 with a status, never silence and never another code', async () => {
    await start()
    const random = seededRandom(20_260_104)
    for (let round = 0; round < 400; round++) {
      const body = mutated(good, random)
      const reply = await call(collector.http, { body })
      expect([200, 400], body.toString('base64')).toContain(reply.code)
      if (reply.code === 400) expect(decodeMessage('RpcStatus', reply.body)).toMatchObject({ code: 3, details: [expect.anything()] })
      else partialOf(reply.body)
      if (round % 8 === 0) expect([0, 3]).toContain((await callGrpc(collector.grpc, body)).code)
    }
    expect(collector.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('a bomb over gRPC is RESOURCE_EXHAUSTED', async () => {
    await start()
    const bomb = gzipSync(Buffer.alloc(100 * MIB))
    const framed = Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), bomb])
    framed.writeUInt32BE(bomb.length, 1)
    expect((await callRaw(collector.grpcPort, { 'grpc-encoding': 'gzip' }, framed))['grpc-status']).toBe('8')
  })

  it('a zstd frame that wants a huge window is refused', async () => {
    await start()
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00])
    expect((await call(collector.http, { body: frame, headers: { 'content-encoding': 'zstd' } })).code).toBe(400)
  })

  it('headers that trickle in are cut off with 408', async () => {
    await start({ headerMs: 300, bodyMs: 600 })
    const { closed } = talk(collector.httpPort, 'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\nx: ')
    expect(await closed).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('a body that trickles in is cut off with 408 and gives its bytes back', async () => {
    await start({ headerMs: 300, bodyMs: 600 })
    const { closed } = talk(
      collector.httpPort,
      'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-protobuf\r\ncontent-length: 1000\r\n\r\nabc',
    )
    expect(await closed).toMatch(/^HTTP\/1\.1 408 /)
    await expect.poll(metrics, { timeout: PATIENCE_MS }).toContain('skein_intake_inflight_bytes 0\n')
  })

  it('a goodbye as Go’s client says it is no failure, one during a call and what is not HTTP/2 are', async () => {
    await start({ bodyMs: 10_000 })
    const failures = () => collector.lines.filter(({ event }) => event === 'grpc_connection_failed').length
    // last_stream_id 1 is an id of the client’s own
    const goodbye = Buffer.from('000008070000000000' + '00000001' + '00000000', 'hex')
    const leaveAfter = async (use: (session: ClientHttp2Session) => Promise<unknown>): Promise<void> => {
      const socket = connect(collector.grpcPort, '127.0.0.1')
      const session = connectHttp2('http://127.0.0.1', { createConnection: () => socket })
      session.on('error', () => undefined)
      const closed = new Promise((resolve) => socket.once('close', resolve))
      await new Promise((resolve) => session.once('remoteSettings', resolve))
      await use(session)
      socket.write(goodbye)
      await closed
    }
    const request = (session: ClientHttp2Session) =>
      session.request({
        ':method': 'POST',
        ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
        'content-type': 'application/grpc',
      })
    await leaveAfter(async (session) => {
      const stream = request(session)
      stream.resume().end(Buffer.alloc(5))
      await new Promise((resolve) => stream.once('close', resolve))
    })
    await leaveAfter(async () => undefined)
    expect(failures()).toBe(0)
    await talk(collector.grpcPort, 'GET / HTTP/1.1\r\nhost: localhost\r\n\r\n').closed
    await expect.poll(failures).toBe(1)
    await leaveAfter(async (session) => {
      const stream = request(session).on('error', () => undefined)
      stream.write(Buffer.from([0, 0, 0, 0, 9, 1]))
      await sleep(200)
    })
    await expect.poll(failures).toBe(2)
  })

  it('a gRPC message that trickles in is cut off with DEADLINE_EXCEEDED', async () => {
    await start({ bodyMs: 200 })
    const session = connectHttp2(`http://127.0.0.1:${collector.grpcPort}`)
    const stream = session.request({
      ':method': 'POST',
      ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      'content-type': 'application/grpc',
    })
    stream.write(Buffer.from([0, 0, 0]))
    const headers = await new Promise<Record<string, unknown>>((resolve) => stream.once('response', resolve))
    expect(headers['grpc-status']).toBe('4')
    session.destroy()
  })

  it('whoever connects to the gRPC port and says nothing is let go', async () => {
    await start({ headerMs: 200 })
    const { closed } = talk(collector.grpcPort, '')
    await closed
  })

  it.each([
    ['too many bytes of headers', `x-long: ${'a'.repeat(17 * 1024)}\r\n`],
    ['too many headers', Array.from({ length: 101 }, (_, i) => `x-${i}: a\r\n`).join('')],
  ])('%s are 431', async (_name, headers) => {
    await start()
    const { closed } = talk(collector.httpPort, `POST /v1/traces HTTP/1.1\r\nhost: localhost\r\n${headers}content-length: 0\r\n\r\n`)
    expect(await closed).toMatch(/^HTTP\/1\.1 431 /)
  })

  it('what is not HTTP is 400', async () => {
    await start()
    expect(await talk(collector.httpPort, 'hello there\r\n\r\n').closed).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('connections beyond the limit are closed and the open ones go on', async () => {
    await start({ connections: 3 })
    const open = Array.from({ length: 3 }, () => talk(collector.httpPort, ''))
    await sleep(50)
    const extra = talk(collector.httpPort, '')
    expect(await extra.closed).toBe('')
    for (const { socket } of open) socket.destroy()
    await expect
      .poll(
        () =>
          call(collector.http, { body: good }).then(
            ({ code }) => code,
            () => 'refused',
          ),
        { timeout: PATIENCE_MS },
      )
      .toBe(200)
  })

  it('streams beyond the limit are not started', async () => {
    await start({ streams: 5 })
    const session = connectHttp2(`http://127.0.0.1:${collector.grpcPort}`)
    await new Promise((resolve) => session.once('remoteSettings', resolve))
    expect(session.remoteSettings.maxConcurrentStreams).toBe(5)
    session.destroy()
  })

  it('a client that opens and resets streams without end is sent away, and others are served', async () => {
    await start()
    const session = connectHttp2(`http://127.0.0.1:${collector.grpcPort}`)
    session.on('error', () => undefined)
    const gone = new Promise<void>((resolve) => session.once('close', resolve))
    await new Promise((resolve) => session.once('remoteSettings', resolve))
    for (let i = 0; i < 2000 && !session.closed && !session.destroyed; i++) {
      const stream = session.request({
        ':method': 'POST',
        ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
        'content-type': 'application/grpc',
      })
      stream.on('error', () => undefined)
      stream.close(8)
      if (i % 50 === 0) await sleep(1)
    }
    await gone
    expect((await callGrpc(collector.grpc, good)).code).toBe(0)
  })

  it('with the in-flight budget used up the rest is 503, and all of it comes back', async () => {
    await start({ inflightBytes: 3 * good.length })
    const release = collector.log.hold()
    let refused = 0
    const ask = async () => {
      const reply = await call(collector.http, { body: good })
      if (reply.code === 503) refused++
      return reply
    }
    const replies = Promise.all(Array.from({ length: 12 }, ask))
    await expect.poll(() => refused, { timeout: PATIENCE_MS }).toBeGreaterThan(0)
    release()
    const codes = (await replies).map(({ code }) => code)
    expect(new Set(codes)).toEqual(new Set([200, 503]))
    expect((await call(collector.http, { body: good })).code).toBe(200)
  })

  it('a client that goes away in the middle of a body leaves nothing behind', async () => {
    await start()
    const { socket } = talk(
      collector.httpPort,
      'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-protobuf\r\ncontent-length: 1000\r\n\r\nabc',
    )
    await expect.poll(metrics, { timeout: PATIENCE_MS }).toMatch(/skein_intake_inflight_bytes [1-9]/)
    socket.destroy()
    await expect.poll(metrics, { timeout: PATIENCE_MS }).toContain('skein_intake_inflight_bytes 0\n')
  })
})
