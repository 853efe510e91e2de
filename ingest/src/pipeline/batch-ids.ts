/** Request id and part. */
export const BATCH_ID_BYTES = 18

export interface BatchIdsOptions {
  /** An id is known at least this long, in log time. */
  windowMs: number
  /** Beyond this the oldest ids are forgotten before their time, and counted. */
  maxBytes: number
}

/** Batch ids of one partition, so that a batch sent twice counts once. A pure function of what was added, in its order. */
export interface BatchIds {
  /** True when the id is new; it is known from now on. `id` is 18 bytes at `at`. */
  add(bytes: Uint8Array, at: number, logTimeMs: number): boolean
  /** Ids forgotten too early for want of room. */
  readonly forgotten: number
}

/** Ids of a stretch of log time: an open hash table over their bytes. */
interface Generation {
  startMs: number
  ids: Uint8Array
  view: DataView
  used: Uint8Array
  count: number
}

const GENERATIONS = 6
const FIRST_CAPACITY = 256

export function createBatchIds(options: BatchIdsOptions): BatchIds {
  const spanMs = options.windowMs / GENERATIONS
  let generations: Generation[] = []
  let forgotten = 0
  const current = (logTimeMs: number): Generation => {
    generations = generations.filter((generation) => generation.startMs + spanMs + options.windowMs > logTimeMs)
    const newest = generations.at(-1)
    if (newest !== undefined && newest.startMs + spanMs > logTimeMs) return newest
    const next = createGeneration(logTimeMs, FIRST_CAPACITY)
    generations.push(next)
    return next
  }
  return {
    add(bytes, at, logTimeMs) {
      const generation = current(logTimeMs)
      const view = new DataView(bytes.buffer, bytes.byteOffset + at, BATCH_ID_BYTES)
      if (generations.some((each) => has(each, view))) return false
      if (generation.count * 2 >= generation.used.length) {
        grow(generation)
        while (generations.length > 1 && usedBytes(generations) > options.maxBytes) forgotten += generations.shift()?.count ?? 0
      }
      insert(generation, view)
      return true
    },
    get forgotten() {
      return forgotten
    },
  }
}

function createGeneration(startMs: number, capacity: number): Generation {
  const ids = new Uint8Array(capacity * BATCH_ID_BYTES)
  return { startMs, ids, view: new DataView(ids.buffer), used: new Uint8Array(capacity), count: 0 }
}

function usedBytes(generations: readonly Generation[]): number {
  return generations.reduce((sum, { ids, used }) => sum + ids.length + used.length, 0)
}

function has(generation: Generation, id: DataView): boolean {
  return generation.used[findSlot(generation, id)] === 1
}

function insert(generation: Generation, id: DataView): void {
  const slot = findSlot(generation, id)
  generation.used[slot] = 1
  generation.ids.set(new Uint8Array(id.buffer, id.byteOffset, BATCH_ID_BYTES), slot * BATCH_ID_BYTES)
  generation.count++
}

/** The id's slot, or the free one where it would stand. Request ids are hashes already. */
function findSlot(generation: Generation, id: DataView): number {
  const capacity = generation.used.length
  const a = id.getInt32(0)
  const b = id.getInt32(4)
  const c = id.getInt32(8)
  const d = id.getInt32(12)
  const part = id.getUint16(16)
  const hash = Math.imul(a ^ Math.imul(b, 0x9e3779b1) ^ Math.imul(c, 0x85ebca6b) ^ d ^ Math.imul(part, 0xc2b2ae35), 0x9e3779b1)
  for (let slot = (hash >>> 8) % capacity; ; slot = (slot + 1) % capacity) {
    if (generation.used[slot] === 0) return slot
    const at = slot * BATCH_ID_BYTES
    const { view } = generation
    if (
      view.getInt32(at) === a &&
      view.getInt32(at + 4) === b &&
      view.getInt32(at + 8) === c &&
      view.getInt32(at + 12) === d &&
      view.getUint16(at + 16) === part
    ) {
      return slot
    }
  }
}

function grow(generation: Generation): void {
  const larger = createGeneration(generation.startMs, generation.used.length * 2)
  for (let slot = 0; slot < generation.used.length; slot++) {
    if (generation.used[slot] === 1) insert(larger, new DataView(generation.ids.buffer, slot * BATCH_ID_BYTES, BATCH_ID_BYTES))
  }
  Object.assign(generation, larger)
}
