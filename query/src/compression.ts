import { negotiate } from '@fastify/accept-negotiator'
import { promisify } from 'node:util'
import { type BrotliOptions, brotliCompress, constants, gzip, type ZlibOptions } from 'node:zlib'

/** How answers may be compressed, the best first. */
export const ENCODINGS = ['br', 'gzip'] as const
export type Encoding = (typeof ENCODINGS)[number]

/** Smaller answers go as they are. */
export const MIN_COMPRESSED_BYTES = 1024
export const GZIP: ZlibOptions = { level: 1 }
/** A map of 2,000 edges is 1.4 MB: quality 1 takes a third of the time of 4 for a sixth more bytes. */
export const BROTLI: BrotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }

const gzipped = promisify<Buffer, ZlibOptions, Buffer>(gzip)
const brotlied = promisify<Buffer, BrotliOptions, Buffer>(brotliCompress)

/** What a client that sent this `accept-encoding` is answered in; null: as it is. */
export function encodingOf(acceptEncoding: string | string[] | undefined): Encoding | null {
  return acceptEncoding === undefined ? null : ((negotiate(String(acceptEncoding).toLowerCase(), [...ENCODINGS]) as Encoding | null) ?? null)
}

/** The whole body at once, off the main thread. */
export function compress(body: Buffer, encoding: Encoding): Promise<Buffer> {
  return encoding === 'br' ? brotlied(body, BROTLI) : gzipped(body, GZIP)
}
