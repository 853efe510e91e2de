import { promisify } from 'node:util'
import { constants, gunzip, gzip, zstdCompress, zstdDecompress } from 'node:zlib'

export type Encoding = 'zstd' | 'gzip' | 'none'

const zstd = promisify(zstdCompress)
const unzstd = promisify(zstdDecompress)
const zip = promisify(gzip)
const unzip = promisify(gunzip)
/** Most requests come out in one piece, and small ones take no more than theirs. */
const CHUNK_BYTES = { least: 1024, most: 256 * 1024 }
const ZSTD_MAGIC = 0xfd2fb528
/** Repetition is what logs have most of, and the first level finds it. */
const FAST = { [constants.ZSTD_c_compressionLevel]: 1 }

/** A copy, so that the buffer is free at once. */
export async function compress(bytes: Buffer, encoding: Encoding): Promise<Buffer> {
  const chunkSize = Math.min(CHUNK_BYTES.most, Math.max(CHUNK_BYTES.least, bytes.length))
  if (encoding === 'zstd') return zstd(bytes, { params: FAST, chunkSize })
  return encoding === 'gzip' ? zip(bytes, { level: 1, chunkSize }) : Buffer.from(bytes)
}

/** How a request is packed, by its first bytes: a message of OTLP begins with the tag of its first field. */
export function encodingOf(request: Buffer): Encoding {
  if (request[0] === 0x1f && request[1] === 0x8b) return 'gzip'
  return request.length >= 4 && request.readUInt32LE() === ZSTD_MAGIC ? 'zstd' : 'none'
}

/** The same request for a collector that does not take how it is packed. */
export async function repack(body: Buffer, from: Encoding, to: Encoding): Promise<Buffer> {
  if (from === to) return body
  const plain = from === 'none' ? body : await (from === 'zstd' ? unzstd(body) : unzip(body))
  return to === 'none' ? plain : compress(plain, to)
}
