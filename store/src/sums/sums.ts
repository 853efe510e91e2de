import { type Histogram, NO_HISTOGRAM } from '@skein/schemas/histogram'
import { createIdIndex, type IdIndex, numberOf } from './id-index.ts'

/** What is kept of an id: how each counter is put together, and how many histograms there are. */
export interface SumShape {
  readonly counters: readonly ('sum' | 'min' | 'max')[]
  readonly histograms: number
}

/** Delta rows as columns, several rows of one id among them. Wide integers are pairs of low and high half. */
export interface DeltaColumns {
  readonly ids: Int32Array
  readonly counters: readonly Int32Array[]
  readonly histograms: readonly { readonly lengths: Uint32Array; readonly buckets: Int16Array; readonly counts: Int32Array }[]
}

/** Each id once, with its counters and dense histograms. Never changed once it was made. */
export interface Sums {
  /** Low and high half of each id; often the same array as of the sum before. */
  readonly ids: Int32Array
  readonly counters: readonly Float64Array[]
  readonly histograms: readonly DenseHistograms[]
}

/** Histogram i: counts[ends[i - 1]] is the count of bucket froms[i], and so on up to ends[i]. */
interface DenseHistograms {
  readonly froms: Int16Array
  readonly ends: Uint32Array
  readonly counts: Counts | NarrowCounts
  /** What no sum of its counts can pass, in either direction. */
  readonly most: number
}

const NEUTRAL = { sum: 0, min: Infinity, max: -Infinity } as const
const HIGH = 2 ** 32
const INT32 = 2 ** 31

export function sumDeltas(shape: SumShape, parts: readonly DeltaColumns[]): Sums {
  const index = createIdIndex(1024)
  const numbers = parts.map(({ ids }) => numbersOf(index, ids))
  const counters = shape.counters.map((how, counter) => {
    const column = new Float64Array(index.size).fill(NEUTRAL[how])
    for (const [at, part] of parts.entries()) put(how, column, numbers[at]!, wideNumbers(part.counters[counter]!))
    return column
  })
  const histograms = Array.from({ length: shape.histograms }, (_, which) =>
    sparseHistograms(
      index.size,
      parts.map((part) => part.histograms[which]!),
      numbers,
    ),
  )
  return { ids: index.ids.slice(0, index.size * 2), counters, histograms }
}

export function addSums(shape: SumShape, parts: readonly Sums[]): Sums {
  const [first] = parts
  if (first !== undefined && parts.length === 1) return first
  const index = createIdIndex(parts.reduce((most, { ids }) => Math.max(most, ids.length / 2), 0))
  const numbers = parts.map(({ ids }) => numbersOf(index, ids))
  const counters = shape.counters.map((how, counter) => {
    const column = new Float64Array(index.size).fill(NEUTRAL[how])
    for (const [at, part] of parts.entries()) put(how, column, numbers[at]!, part.counters[counter]!)
    return column
  })
  const histograms = Array.from({ length: shape.histograms }, (_, which) =>
    denseHistograms(
      index.size,
      parts.map((part) => part.histograms[which]!),
      numbers,
    ),
  )
  return { ids: idsOf(index, first), counters, histograms }
}

/** The first part's ids are the first: while no other part has more, they are all, and the same array. */
function idsOf(index: IdIndex, first: Sums | undefined): Int32Array {
  return first?.ids.length === index.size * 2 ? first.ids : index.ids.slice(0, index.size * 2)
}

/** Mostly a view, so that it holds on to what it is a part of. */
export function histogramAt({ froms, ends, counts }: DenseHistograms, at: number): Histogram {
  const start = at === 0 ? 0 : ends[at - 1]!
  const end = ends[at]!
  if (start === end) return NO_HISTOGRAM
  const own = counts.subarray(start, end)
  return { from: froms[at]!, counts: isNarrow(own) ? new Int32Array(own) : own }
}

/** The same sums in as little memory as their counts leave room for: to keep, since adding them up takes longer. */
export function narrowSums(sums: Sums): Sums {
  return { ...sums, histograms: sums.histograms.map((histograms) => ({ ...histograms, counts: narrow(histograms.counts) })) }
}

function narrow(counts: Counts | NarrowCounts): Counts | NarrowCounts {
  let least = 0
  let most = 0
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!
    if (count < least) least = count
    else if (count > most) most = count
  }
  if (least >= -128 && most < 128) return new Int8Array(counts)
  return least >= -32_768 && most < 32_768 ? new Int16Array(counts) : counts
}

function isNarrow(counts: Counts | NarrowCounts): counts is NarrowCounts {
  return counts instanceof Int8Array || counts instanceof Int16Array
}

export function sumsBytes(sums: Sums): number {
  const histograms = sums.histograms.map(({ froms, ends, counts }) => froms.byteLength + ends.byteLength + counts.byteLength)
  return [sums.ids.byteLength, ...sums.counters.map((counter) => counter.byteLength), ...histograms].reduce((sum, bytes) => sum + bytes, 0)
}

function numbersOf(index: IdIndex, ids: Int32Array): Int32Array {
  const numbers = new Int32Array(ids.length / 2)
  for (let i = 0; i < numbers.length; i++) numbers[i] = numberOf(index, ids[i * 2]!, ids[i * 2 + 1]!)
  return numbers
}

/** Puts each value to that of its number. */
function put(how: keyof typeof NEUTRAL, column: Float64Array, numbers: Int32Array, values: Float64Array): void {
  if (how === 'sum') for (let i = 0; i < values.length; i++) column[numbers[i]!]! += values[i]!
  else if (how === 'min') for (let i = 0; i < values.length; i++) column[numbers[i]!] = Math.min(column[numbers[i]!]!, values[i]!)
  else for (let i = 0; i < values.length; i++) column[numbers[i]!] = Math.max(column[numbers[i]!]!, values[i]!)
}

function wideNumbers(halves: Int32Array): Float64Array {
  const values = new Float64Array(halves.length / 2)
  for (let i = 0; i < values.length; i++) values[i] = halves[i * 2 + 1]! * HIGH + (halves[i * 2]! >>> 0)
  return values
}

/** Room for the histograms of so many ids: lowest and highest bucket of each. */
interface Room {
  readonly froms: Int16Array
  readonly tops: Int16Array
}

function createRoom(size: number): Room {
  return { froms: new Int16Array(size).fill(32_767), tops: new Int16Array(size).fill(-32_768) }
}

type Counts = Int32Array | Float64Array
type NarrowCounts = Int8Array | Int16Array

/** `zeros` is where bucket 0 of each histogram would stand. No count will be greater than `most`. */
function layOut({ froms, tops }: Room, most: number): { ends: Uint32Array; zeros: Int32Array; counts: Counts } {
  const ends = new Uint32Array(froms.length)
  const zeros = new Int32Array(froms.length)
  let end = 0
  for (let number = 0; number < froms.length; number++) {
    zeros[number] = end - froms[number]!
    end += Math.max(0, tops[number]! - froms[number]! + 1)
    ends[number] = end
  }
  return { ends, zeros, counts: most < INT32 ? new Int32Array(end) : new Float64Array(end) }
}

type Entries = DeltaColumns['histograms'][number]

function sparseHistograms(size: number, parts: readonly Entries[], numbers: readonly Int32Array[]): DenseHistograms {
  const room = createRoom(size)
  for (const [at, part] of parts.entries()) coverEntries(room.froms, room.tops, part, numbers[at]!)
  const most = parts.reduce((sum, part) => sum + sumOfEntries(part), 0)
  const { ends, zeros, counts } = layOut(room, most)
  for (const [at, part] of parts.entries()) addEntries(counts, zeros, part, numbers[at]!)
  return { froms: room.froms, ends, counts, most }
}

function coverEntries(froms: Int16Array, tops: Int16Array, { lengths, buckets }: Entries, numbers: Int32Array): void {
  let entry = 0
  for (let row = 0; row < lengths.length; row++) {
    const number = numbers[row]!
    let from = froms[number]!
    let top = tops[number]!
    for (const end = entry + lengths[row]!; entry < end; entry++) {
      const bucket = buckets[entry]!
      if (bucket < from) from = bucket
      if (bucket > top) top = bucket
    }
    froms[number] = from
    tops[number] = top
  }
}

function addEntries(sums: Counts, zeros: Int32Array, { lengths, buckets, counts }: Entries, numbers: Int32Array): void {
  let entry = 0
  for (let row = 0; row < lengths.length; row++) {
    const zero = zeros[numbers[row]!]!
    for (const end = entry + lengths[row]!; entry < end; entry++) {
      sums[zero + buckets[entry]!]! += counts[entry * 2 + 1]! * HIGH + (counts[entry * 2]! >>> 0)
    }
  }
}

function denseHistograms(size: number, parts: readonly DenseHistograms[], numbers: readonly Int32Array[]): DenseHistograms {
  const room = createRoom(size)
  for (const [at, part] of parts.entries()) coverDense(room, part, numbers[at]!)
  const most = parts.reduce((sum, part) => sum + part.most, 0)
  const { ends, zeros, counts } = layOut(room, most)
  const [first, ...others] = parts
  if (first !== undefined) copyDense(counts, zeros, first)
  for (const [at, part] of others.entries()) addDense(counts, zeros, part, numbers[at + 1]!)
  return { froms: room.froms, ends, counts, most }
}

function coverDense({ froms, tops }: Room, part: DenseHistograms, numbers: Int32Array): void {
  for (let i = 0, start = 0; i < numbers.length; start = part.ends[i++]!) {
    const length = part.ends[i]! - start
    if (length === 0) continue
    const number = numbers[i]!
    froms[number] = Math.min(froms[number]!, part.froms[i]!)
    tops[number] = Math.max(tops[number]!, part.froms[i]! + length - 1)
  }
}

/** Of the part whose ids got the first numbers in their order: where it lies as it will, which is nearly everywhere, whole stretches at once. */
function copyDense(counts: Counts, zeros: Int32Array, part: DenseHistograms): void {
  let from = 0
  let shift = 0
  const copyTo = (end: number): void => {
    if (end > from) counts.set(part.counts.subarray(from, end), from + shift)
    from = end
  }
  for (let i = 0, start = 0; i < part.ends.length; start = part.ends[i++]!) {
    if (part.ends[i] === start) continue
    const moved = zeros[i]! + part.froms[i]! - start
    if (moved === shift) continue
    copyTo(start)
    shift = moved
  }
  copyTo(part.counts.length)
}

function addDense(counts: Counts, zeros: Int32Array, part: DenseHistograms, numbers: Int32Array): void {
  const { froms, ends } = part
  const added = isNarrow(part.counts) ? new Int32Array(part.counts) : part.counts
  let entry = 0
  for (let i = 0; i < numbers.length; i++) {
    const shift = zeros[numbers[i]!]! + froms[i]! - entry
    for (const end = ends[i]!; entry < end; entry++) counts[shift + entry]! += added[entry]!
  }
}

function sumOfEntries({ counts }: Entries): number {
  let sum = 0
  for (let i = 0; i < counts.length; i += 2) sum += Math.abs(counts[i + 1]! * HIGH + (counts[i]! >>> 0))
  return sum
}
