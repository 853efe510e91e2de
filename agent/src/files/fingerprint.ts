import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Position } from '../positions/position-store.ts'
import type { ByteSource } from './byte-source.ts'

/** Of a file this much from its beginning is digested. */
export const HEAD_BYTES = 1024
/** And this much before a position is summed up. */
export const GUARD_BYTES = 64

export interface Head {
  head: string
  headBytes: number
}

export async function headOf(source: ByteSource, maxBytes = HEAD_BYTES): Promise<Head> {
  const bytes = Buffer.allocUnsafe(maxBytes)
  const headBytes = await source.read(bytes, 0)
  return { head: createHash('sha256').update(bytes.subarray(0, headBytes)).digest('hex').slice(0, 16), headBytes }
}

/** True when the file begins as it did. */
export async function hasHead(source: ByteSource, known: Head): Promise<boolean> {
  const now = await headOf(source, known.headBytes)
  return now.headBytes === known.headBytes && now.head === known.head
}

/** True when the file begins as it did and has the same bytes before the position. A file that has grown since matches. */
export async function isSameContent(source: ByteSource, known: Pick<Position, 'head' | 'headBytes' | 'offset' | 'guard' | 'guardBytes'>): Promise<boolean> {
  if (!(await hasHead(source, known))) return false
  const before = Buffer.allocUnsafe(known.guardBytes)
  const read = await source.read(before, known.offset - known.guardBytes)
  return read === known.guardBytes && guardOf(before) === known.guard
}

export function guardOf(bytes: Buffer): number {
  return crc32(bytes)
}
