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

/** True when the file begins as it did. What is known is taken as of the call: positions move while bytes are read. */
export async function hasHead(source: ByteSource, { head, headBytes }: Head): Promise<boolean> {
  const now = await headOf(source, headBytes)
  return now.headBytes === headBytes && now.head === head
}

/** What a position says about the bytes of its file. */
export type Mark = Head & Pick<Position, 'offset' | 'guard' | 'guardBytes'>

/** True when the file begins as it did and has the same bytes before the position, as of the call. A file that has grown since matches. */
export async function isSameContent(source: ByteSource, { offset, guard, guardBytes, ...known }: Mark): Promise<boolean> {
  if (!(await hasHead(source, known))) return false
  const before = Buffer.allocUnsafe(guardBytes)
  const read = await source.read(before, offset - guardBytes)
  return read === guardBytes && guardOf(before) === guard
}

export function guardOf(bytes: Buffer): number {
  return crc32(bytes)
}
