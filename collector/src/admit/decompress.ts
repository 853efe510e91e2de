import type { Transform } from 'node:stream'
import { constants, createGunzip, createZstdDecompress, gunzipSync } from 'node:zlib'
import type { Refusal } from '../answers/refusal.ts'
import type { ByteLease } from './byte-budget.ts'
import type { DecodeGate } from './decode-gate.ts'

export type Encoding = 'identity' | 'gzip' | 'zstd'
export const ACCEPT_ENCODING = 'gzip, zstd'

export type Decoded = { ok: true; body: Buffer } | { ok: false; refusal: Refusal }

export interface DecompressOptions {
  /** Largest decoded body. */
  maxBytes: number
  /** Charged chunk by chunk for what comes out, so that many small bombs cannot add up. */
  lease: ByteLease
  gate: DecodeGate
}

/** Up to this decoded size a gzip body is decoded at once: cheaper than a stream, and still well below a millisecond. */
const AT_ONCE_BYTES = 256 * 1024
/** Largest window of a zstd frame, 8 MiB, as its specification asks every decoder to take. */
const ZSTD_WINDOW_LOG = 23
const ZSTD_OPTIONS = { params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } }

export function encodingOf(name: string | undefined): Encoding | null {
  const plain = (name ?? 'identity').trim().toLowerCase()
  return plain === 'identity' || plain === '' ? 'identity' : plain === 'gzip' || plain === 'x-gzip' ? 'gzip' : plain === 'zstd' ? 'zstd' : null
}

/** Decodes a body without ever holding more than `maxBytes` of it. */
export async function decompress(body: Buffer, encoding: Encoding, options: DecompressOptions): Promise<Decoded> {
  if (encoding === 'identity') return { ok: true, body }
  const quick = encoding === 'gzip' ? gunzipAtOnce(body, options) : null
  if (quick !== null) return quick
  const leave = await options.gate.enter()
  if (leave === null) return { ok: false, refusal: noRoom() }
  try {
    return await throughStream(encoding === 'gzip' ? createGunzip() : createZstdDecompress(ZSTD_OPTIONS), body, options)
  } finally {
    leave()
  }
}

// The last four bytes of gzip say how much comes out. A body that lies about it goes through the stream.
function gunzipAtOnce(body: Buffer, options: DecompressOptions): Decoded | null {
  if (body.length < 18) return null
  const bytes = body.readUInt32LE(body.length - 4)
  if (bytes === 0 || bytes > AT_ONCE_BYTES || bytes > options.maxBytes) return null
  if (!options.lease.grow(bytes)) return { ok: false, refusal: noRoom() }
  try {
    return { ok: true, body: gunzipSync(body, { maxOutputLength: bytes }) }
  } catch (error) {
    if (error instanceof RangeError) return null
    return { ok: false, refusal: broken(error) }
  }
}

async function throughStream(stream: Transform, body: Buffer, options: DecompressOptions): Promise<Decoded> {
  const chunks: Buffer[] = []
  let total = 0
  stream.end(body)
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      total += chunk.length
      if (total > options.maxBytes)
        return {
          ok: false,
          refusal: { reason: 'intake_body_bytes', message: `the decoded body is larger than ${options.maxBytes} bytes: send smaller batches` },
        }
      if (!options.lease.grow(chunk.length)) return { ok: false, refusal: noRoom() }
      chunks.push(chunk)
    }
  } catch (error) {
    return { ok: false, refusal: broken(error) }
  } finally {
    stream.destroy()
  }
  return { ok: true, body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, total) }
}

function noRoom(): Refusal {
  return { reason: 'intake_decode_bytes', message: 'too many compressed bodies are being decoded right now' }
}

function broken(error: unknown): Refusal {
  return {
    reason: 'bad_compression',
    message: `the body cannot be decompressed: ${error instanceof Error ? error.message : String(error)}`,
    field: 'content-encoding',
  }
}
