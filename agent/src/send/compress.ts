import { promisify } from 'node:util'
import { constants, gzip, zstdCompress, zstdDecompress } from 'node:zlib'

export type Encoding = 'zstd' | 'gzip' | 'none'

const zstd = promisify(zstdCompress)
const unzstd = promisify(zstdDecompress)
const zip = promisify(gzip)
/** Repetition is what logs have most of, and the first level finds it. */
/** Most requests come out in one piece. */
const CHUNK_BYTES = 256 * 1024
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 }, chunkSize: CHUNK_BYTES }

/** A copy, so that the buffer is free at once. */
export async function compress(bytes: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'zstd') return zstd(bytes, FAST)
  return encoding === 'gzip' ? zip(bytes, { level: 1, chunkSize: CHUNK_BYTES }) : Buffer.from(bytes)
}

/** The same bytes for a collector that takes no zstd. */
export async function zstdToGzip(body: Buffer): Promise<Buffer> {
  return zip(await unzstd(body), { level: 1, chunkSize: CHUNK_BYTES })
}
