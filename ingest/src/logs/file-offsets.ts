import { clearTuples, createTupleIndex, findTuple, tupleBytes, tupleId, type TupleIndex } from '../topology/tuple-index.ts'

/**
 * Up to where the tailed files of a partition were read. A file is known by its tenant and identity, so that nobody hides a line of another.
 * Files are forgotten, the longest unseen first, when they take more than `maxBytes`. A pure function of what was read, in its order.
 */
export interface FileOffsets {
  /** False when a line of the file at this offset, or one behind it, was read before. */
  read(tenant: string, file: FileId, offset: number): boolean
  /** Files read since the last call, with their highest offset. */
  takeRead(): { tenant: string; files: BigUint64Array; offsets: BigUint64Array }[]
  readonly bytes: number
}

export interface FileId {
  low: number
  high: number
}

/** Files by (number of the tenant, low, high). */
interface Generation {
  files: TupleIndex
  offsets: Float64Array
}

interface State {
  maxBytes: number
  tenants: Map<string, number>
  young: Generation
  /** Not seen since the young one began. */
  old: Generation
  /** File of the young generation → 1 when it was read since it was last asked. */
  read: Uint8Array
}

export function createFileOffsets(maxBytes: number): FileOffsets {
  const state: State = { maxBytes, tenants: new Map(), young: createGeneration(), old: createGeneration(), read: new Uint8Array(64) }
  return {
    read(tenant, file, offset) {
      const number = numberOf(state, tenant, file)
      if (offset <= (state.young.offsets[number] as number)) return false
      state.young.offsets[number] = offset
      state.read[number] = 1
      return true
    },
    takeRead: () => takeRead(state),
    get bytes() {
      return bytesOf(state.young) + bytesOf(state.old)
    },
  }
}

function createGeneration(): Generation {
  return { files: createTupleIndex(), offsets: new Float64Array(64) }
}

function bytesOf({ files, offsets }: Generation): number {
  return tupleBytes(files) + offsets.byteLength
}

/** The file's number in the young generation, where it now is. */
function numberOf(state: State, tenant: string, { low, high }: FileId): number {
  const { young, old } = state
  const owner = state.tenants.get(tenant) ?? state.tenants.size
  state.tenants.set(tenant, owner)
  const known = young.files.size
  const number = tupleId(young.files, owner, low | 0, high | 0)
  if (young.files.size === known) return number
  if (number >= young.offsets.length) {
    const offsets = new Float64Array(young.offsets.length * 2)
    offsets.set(young.offsets)
    young.offsets = offsets
  }
  if (number >= state.read.length) {
    const read = new Uint8Array(young.offsets.length)
    read.set(state.read)
    state.read = read
  }
  const before = findTuple(old.files, owner, low | 0, high | 0)
  young.offsets[number] = before < 0 ? -1 : (old.offsets[before] as number)
  state.read[number] = 0
  return number
}

function takeRead(state: State): ReturnType<FileOffsets['takeRead']> {
  const { young, read, tenants } = state
  const byTenant = Array.from(tenants.keys(), (tenant) => ({ tenant, numbers: [] as number[] }))
  for (let number = 0; number < young.files.size; number++) {
    if (read[number] !== 1) continue
    read[number] = 0
    byTenant[young.files.keys[number * 3] as number]?.numbers.push(number)
  }
  const taken = byTenant.filter(({ numbers }) => numbers.length > 0).map(({ tenant, numbers }) => ({ tenant, ...columnsOf(young, numbers) }))
  if (bytesOf(young) > state.maxBytes / 2) letGo(state)
  return taken
}

function columnsOf({ files, offsets }: Generation, numbers: readonly number[]): { files: BigUint64Array; offsets: BigUint64Array } {
  const words = new Uint32Array(numbers.length * 2)
  numbers.forEach((number, i) => {
    words[i * 2] = files.keys[number * 3 + 1] as number
    words[i * 2 + 1] = files.keys[number * 3 + 2] as number
  })
  return { files: new BigUint64Array(words.buffer), offsets: BigUint64Array.from(numbers, (number) => BigInt(offsets[number] as number)) }
}

/** Forgets the files that were not seen since the young generation began; it is the old one now. */
function letGo(state: State): void {
  const spare = state.old
  state.old = state.young
  clearTuples(spare.files)
  spare.offsets = new Float64Array(64)
  state.young = spare
}
