import { hashBytes, sameBytes, viewOf } from '../decode/byte-interner.ts'
import { growInt32 } from '../decode/growth.ts'
import type { TextRanges } from '@skein/store/native/block'

/** Numbers byte ranges of one buffer for one block: the same bytes are the same number. Used again with `start`. */
export interface TextDictionary {
  start(bytes: Buffer): void
  /** `start` below 0 is the empty text. */
  indexOf(start: number, end: number): number
  /** Number → range. Valid until `start`. */
  ranges(): TextRanges
}

export function createTextDictionary(): TextDictionary {
  let bytes: Buffer = Buffer.alloc(0)
  let view = viewOf(bytes)
  let starts = new Int32Array(256)
  let ends = new Int32Array(256)
  let hashes = new Int32Array(256)
  let table = new Int32Array(512)
  let length = 0
  const place = (hash: number, number: number): void => {
    const mask = table.length - 1
    let slot = hash & mask
    while (table[slot] !== 0) slot = (slot + 1) & mask
    table[slot] = number + 1
  }
  const add = (hash: number, from: number, to: number): number => {
    const number = length++
    if (length > starts.length) {
      starts = growInt32(starts, length)
      ends = growInt32(ends, length)
      hashes = growInt32(hashes, length)
      table = new Int32Array(starts.length * 2)
      for (let i = 0; i < number; i++) place(hashes[i] as number, i)
    }
    starts[number] = from
    ends[number] = to
    hashes[number] = hash
    place(hash, number)
    return number
  }
  return {
    start(next) {
      bytes = next
      view = viewOf(next)
      length = 0
      table.fill(0)
    },
    indexOf(from, to) {
      if (from < 0) {
        from = 0
        to = 0
      }
      const hash = hashBytes(bytes, view, from, to)
      const mask = table.length - 1
      let slot = hash & mask
      for (let entry = table[slot] as number; entry !== 0; slot = (slot + 1) & mask, entry = table[slot] as number) {
        const known = starts[entry - 1] as number
        if (hashes[entry - 1] !== hash || (ends[entry - 1] as number) - known !== to - from) continue
        if (sameBytes(view, known, view, { start: from, length: to - from })) return entry - 1
      }
      return add(hash, from, to)
    },
    ranges: () => ({ bytes, starts, ends, length }),
  }
}
