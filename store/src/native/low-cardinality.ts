import { type Output, reserve, type TextRanges, writeRanges, writeText, writeUint64 } from './output.ts'

/** The values an index points to. */
export type Dictionary = readonly string[] | TextRanges
export type Indexes = Uint8Array | Uint16Array | Uint32Array | Int32Array

/** Keys version of the column's state; stands before the column's data, and before the offsets of an array. */
export const LOW_CARDINALITY_VERSION = 1
/** Bits of the index type: own keys follow, and the dictionary is to be updated with them. */
const OWN_KEYS = 0x600

export function writeLowCardinality(out: Output, dictionary: Dictionary, indexes: Indexes, count: number): void {
  if (count === 0) return
  const keys = dictionaryLength(dictionary)
  const width = keys <= 0x100 ? 0 : keys <= 0x1_0000 ? 1 : 2
  writeUint64(out, OWN_KEYS | width)
  writeUint64(out, keys)
  if ('bytes' in dictionary) writeRanges(out, dictionary, keys, undefined)
  else for (let i = 0; i < keys; i++) writeText(out, dictionary[i] ?? '')
  writeUint64(out, count)
  writeIndexes(out, { indexes, count, keys, width })
}

function dictionaryLength(dictionary: Dictionary): number {
  return 'bytes' in dictionary ? (dictionary.length ?? dictionary.starts.length) : dictionary.length
}

function writeIndexes(out: Output, column: { indexes: Indexes; count: number; keys: number; width: number }): void {
  const { indexes, count, keys, width } = column
  checkIndexes(indexes, count, keys)
  reserve(out, count << width)
  const { bytes } = out
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const at = out.length
  if (width === 0) for (let i = 0; i < count; i++) bytes[at + i] = indexes[i] ?? 0
  else if (width === 1) for (let i = 0; i < count; i++) view.setUint16(at + i * 2, indexes[i] ?? 0, true)
  else for (let i = 0; i < count; i++) view.setUint32(at + i * 4, indexes[i] ?? 0, true)
  out.length = at + (count << width)
}

function checkIndexes(indexes: Indexes, count: number, keys: number): void {
  for (let i = 0; i < count; i++) {
    const index = indexes[i] ?? 0
    if (index < 0 || index >= keys) throw new RangeError(`index ${index} at ${i} is outside a dictionary of ${keys}`)
  }
}
