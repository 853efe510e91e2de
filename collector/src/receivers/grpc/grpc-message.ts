import type { ServerHttp2Stream } from 'node:http2'
import type { ByteLease } from '../../admit/byte-budget.ts'
import type { Refusal } from '../../answers/refusal.ts'
import { tooLarge } from '../http/read-body.ts'

/** gRPC puts one byte (compressed or not) and four bytes (length, big-endian) before each message. */
export const FRAME_BYTES = 5

export type ReadMessage = { ok: true; message: Buffer; compressed: boolean } | { ok: false; refusal: Refusal } | { ok: false; gone: true }

export interface ReadMessageOptions {
  maxBytes: number
  timeoutMs: number
  lease: ByteLease
}

/** Reads the one message of a unary call, charging the lease for it as it comes. */
export function readMessage(stream: ServerHttp2Stream, options: ReadMessageOptions): Promise<ReadMessage> {
  const { promise, resolve } = Promise.withResolvers<ReadMessage>()
  const chunks: Buffer[] = []
  let total = 0
  const timer = setTimeout(
    () => finish({ ok: false, refusal: { reason: 'intake_body_ms', message: `the message did not arrive within ${options.timeoutMs} ms` } }),
    options.timeoutMs,
  )
  function finish(result: ReadMessage): void {
    clearTimeout(timer)
    stream.off('data', onData)
    resolve(result)
  }
  function onData(chunk: Buffer): void {
    total += chunk.length
    if (total > options.maxBytes + FRAME_BYTES) finish({ ok: false, refusal: tooLarge(options.maxBytes) })
    else if (!options.lease.grow(chunk.length))
      finish({ ok: false, refusal: { reason: 'intake_inflight_bytes', message: 'too many requests are being read right now' } })
    else chunks.push(chunk)
  }
  stream.on('data', onData)
  stream.once('end', () => finish(unframe(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, total))))
  stream.once('error', () => finish({ ok: false, gone: true }))
  stream.once('close', () => finish({ ok: false, gone: true }))
  return promise
}

function unframe(bytes: Buffer): ReadMessage {
  const flag = bytes[0]
  if (bytes.length < FRAME_BYTES || bytes.readUInt32BE(1) !== bytes.length - FRAME_BYTES || flag === undefined || flag > 1)
    return { ok: false, refusal: { reason: 'malformed', message: 'a call must carry exactly one whole message', field: 'message' } }
  return { ok: true, message: bytes.subarray(FRAME_BYTES), compressed: flag === 1 }
}

export function frame(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(FRAME_BYTES + message.length)
  framed[0] = 0
  framed.writeUInt32BE(message.length, 1)
  message.copy(framed, FRAME_BYTES)
  return framed
}
