import { growInt32 } from './growth.ts'

/** Byte strings → small numbers 0, 1, 2 …, each number for ever the same bytes until `clear`. */
export interface ByteInterner {
  /** The number of `bytes[start, end)`; a new one is `size` before the call. `view` looks at the same memory as `bytes`. */
  intern(bytes: Uint8Array, view: DataView, start: number, end: number): number
  /** Whether an interned string is `[start, end)` of a view. */
  is(id: number, view: DataView, start: number, end: number): boolean
  readonly size: number
  /** Bytes of all interned strings and the table around them. */
  readonly usedBytes: number
  /** An own copy of an interned string. */
  copyOf(id: number): Uint8Array
  clear(): void
}

interface Interned {
  bytes: Buffer
  view: DataView
  usedBytes: number
  size: number
  hashes: Int32Array
  starts: Int32Array
  /** id + 1, 0 = free; length is a power of two, at most half full. */
  table: Int32Array
}

export function createByteInterner(): ByteInterner {
  const all = emptyTable()
  return {
    intern(bytes, view, start, end) {
      const hash = hashBytes(bytes, view, start, end)
      const mask = all.table.length - 1
      let slot = hash & mask
      for (let id = all.table[slot] ?? 0; id !== 0; slot = (slot + 1) & mask, id = all.table[slot] ?? 0) {
        if (all.hashes[id - 1] === hash && holds(all, id - 1, { bytes, view, start, end })) return id - 1
      }
      return add(all, hash, bytes.subarray(start, end))
    },
    is: (id, view, start, end) => {
      const from = all.starts[id] as number
      const length = (all.starts[id + 1] as number) - from
      return length === end - start && sameBytes(all.view, from, view, { start, length })
    },
    get size() {
      return all.size
    },
    get usedBytes() {
      return all.usedBytes + all.table.length * 4 + all.size * 8
    },
    copyOf: (id) => new Uint8Array(all.bytes.subarray(all.starts[id], all.starts[id + 1])),
    clear: () => {
      Object.assign(all, emptyTable())
    },
  }
}

/** FNV-1a over four bytes at a time, finished like murmur3. `view` looks at the same memory as `bytes`. */
export function hashBytes(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  let hash = 0x811c9dc5 ^ (end - start)
  let at = start
  for (const last = end - 4; at <= last; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x01000193)
    hash ^= hash >>> 15
  }
  for (; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return hash ^ (hash >>> 13)
}

/** Whether two ranges of one length hold the same bytes. */
export function sameBytes(a: DataView, aStart: number, b: DataView, range: { start: number; length: number }): boolean {
  const { start, length } = range
  let i = 0
  for (const last = length - 4; i <= last; i += 4) if (a.getInt32(aStart + i, true) !== b.getInt32(start + i, true)) return false
  for (; i < length; i++) if (a.getUint8(aStart + i) !== b.getUint8(start + i)) return false
  return true
}

function emptyTable(): Interned {
  const bytes = Buffer.alloc(4096)
  return { bytes, view: viewOf(bytes), usedBytes: 0, size: 0, hashes: new Int32Array(64), starts: new Int32Array(65), table: new Int32Array(128) }
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function holds(all: Interned, id: number, key: { bytes: Uint8Array; view: DataView; start: number; end: number }): boolean {
  const start = all.starts[id] ?? 0
  const length = (all.starts[id + 1] ?? 0) - start
  return length === key.end - key.start && sameBytes(all.view, start, key.view, { start: key.start, length })
}

function add(all: Interned, hash: number, key: Uint8Array): number {
  if (all.usedBytes + key.length > all.bytes.length) {
    const grown = Buffer.alloc(Math.max(all.bytes.length * 2, all.usedBytes + key.length))
    all.bytes.copy(grown, 0, 0, all.usedBytes)
    all.bytes = grown
    all.view = viewOf(grown)
  }
  const id = all.size++
  if (id + 2 > all.starts.length) {
    all.starts = growInt32(all.starts, id + 2)
    all.hashes = growInt32(all.hashes, id + 2)
  }
  all.bytes.set(key, all.usedBytes)
  all.usedBytes += key.length
  all.starts[id + 1] = all.usedBytes
  all.hashes[id] = hash
  if (all.size * 2 > all.table.length) rehash(all)
  else place(all.table, hash, id)
  return id
}

function rehash(all: Interned): void {
  all.table = new Int32Array(all.table.length * 2)
  for (let id = 0; id < all.size; id++) place(all.table, all.hashes[id] ?? 0, id)
}

function place(table: Int32Array, hash: number, id: number): void {
  const mask = table.length - 1
  let slot = hash & mask
  while (table[slot] !== 0) slot = (slot + 1) & mask
  table[slot] = id + 1
}
