import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createExporter, deliveryOf } from './exporter.ts'
import { readLogsResponse } from './logs-response.ts'

const NO_BODY = Buffer.alloc(0)

describe('answers of a collector', () => {
  it.each([
    [200, undefined, { kind: 'ok', rejected: 0, message: '' }],
    [415, undefined, { kind: 'encoding' }],
    [413, undefined, { kind: 'smaller' }],
    [429, '3', { kind: 'retry', afterMs: 3000, config: false }],
    [503, undefined, { kind: 'retry', afterMs: null, config: false }],
    [502, 'Wed, 25 Nov 2026 20:00:00 GMT', { kind: 'retry', afterMs: null }],
    [408, undefined, { kind: 'retry' }],
    [307, undefined, { kind: 'retry' }],
    [401, undefined, { kind: 'retry', config: true }],
    [403, undefined, { kind: 'retry', config: true }],
    [404, undefined, { kind: 'retry', config: true }],
    [400, undefined, { kind: 'reject' }],
    [422, undefined, { kind: 'reject' }],
  ] as const)('%i with Retry-After %s', (status, retryAfter, expected) => {
    expect(deliveryOf(status, retryAfter, NO_BODY)).toMatchObject(expected)
  })

  it('tell how many records were rejected, and why', () => {
    expect(readLogsResponse(Buffer.from([0x0a, 0x07, 0x08, 0xac, 0x02, 0x12, 0x02, 0x6e, 0x6f]))).toEqual({ rejected: 300, message: 'no' })
    expect(readLogsResponse(Buffer.from([0x0a, 0x00]))).toEqual({ rejected: 0, message: '' })
    for (const junk of ['', 'ff', '0aff', '0a0508', '1a', '08ffffffffffffffffff01']) expect(readLogsResponse(Buffer.from(junk, 'hex')).rejected).toBe(0)
  })

  it('that never come are waited for no longer than the connection lives', async () => {
    const server = createServer((request) => request.socket.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const exporter = createExporter({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      key: undefined,
      userAgent: 'x',
      connections: 1,
      signal: 'logs',
    })
    expect(await exporter.send(Buffer.from('x'), 'none')).toMatchObject({ kind: 'retry', config: false })
    exporter.close()
    server.close()
    const closed = createExporter({ endpoint: 'http://127.0.0.1:1', key: undefined, userAgent: 'x', connections: 1, signal: 'logs' })
    expect(await closed.send(Buffer.from('x'), 'none')).toMatchObject({ kind: 'retry' })
    closed.close()
  })

  it('are asked for with the key, under the path of logs', async () => {
    const seen: unknown[] = []
    const server = createServer((request, response) => {
      seen.push([request.url, request.headers['x-skein-key'], request.headers['content-encoding'], request.headers['content-type']])
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const exporter = createExporter({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      key: 'k',
      userAgent: 'x',
      connections: 1,
      signal: 'logs',
    })
    await exporter.send(Buffer.from('x'), 'gzip')
    exporter.close()
    server.close()
    expect(seen).toEqual([['/v1/logs', 'k', 'gzip', 'application/x-protobuf']])
  })
})
