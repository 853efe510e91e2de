import { type ByteInterner, createByteInterner, viewOf } from './byte-interner.ts'
import { type Cursor, type Fields, forEachField, WireError } from './wire.ts'

/** Messages that repeat in every request, read once: number of the bytes → what they say. */
export interface MessageTable<T> {
  interner: ByteInterner
  values: T[]
  /** Numbers of bytes that are no message; their value is that of an empty message. */
  malformed: Set<number>
  read: (bytes: Uint8Array) => T
}

/** `read` throws `WireError` for bytes that are no message. */
export function createMessageTable<T>(read: (bytes: Uint8Array) => T): MessageTable<T> {
  return { interner: createByteInterner(), values: [], malformed: new Set(), read }
}

/** Forgets everything when it holds more than `maxBytes`. */
export function trimTable<T>(table: MessageTable<T>, maxBytes: number): void {
  if (table.interner.usedBytes <= maxBytes) return
  table.interner.clear()
  table.values = []
  table.malformed.clear()
}

/** The number of a message that stands inside another one, whole, in pieces or not at all. Throws `WireError` when it is malformed. */
export function findMessage<T>(source: { bytes: Buffer; view: DataView; cursor: Cursor }, table: MessageTable<T>, fields: Fields): number {
  const { interner } = table
  const known = interner.size
  let start = 0
  let stop = 0
  const pieces: Uint8Array[] = []
  forEachField(source.cursor, fields, (from, end) => {
    if (stop > start) pieces.push(source.bytes.subarray(start, stop))
    start = from
    stop = end
  })
  let id: number
  if (pieces.length === 0) id = interner.intern(source.bytes, source.view, start, stop)
  else {
    const joined = Buffer.concat([...pieces, source.bytes.subarray(start, stop)])
    id = interner.intern(joined, viewOf(joined), 0, joined.length)
  }
  if (interner.size > known) learn(table, id)
  if (table.malformed.has(id)) throw new WireError('a message that repeats is malformed')
  return id
}

function learn<T>(table: MessageTable<T>, id: number): void {
  try {
    table.values.push(table.read(table.interner.copyOf(id)))
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    table.values.push(table.read(new Uint8Array(0)))
    table.malformed.add(id)
  }
}
