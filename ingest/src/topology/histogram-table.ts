import { isKept } from './tuple-index.ts'

/** Counts by (histogram, bucket) in typed arrays; a histogram is a number its owner gives. Counts are signed. */
export interface HistogramTable {
  size: number
  histogram: Int32Array
  bucket: Int16Array
  count: Float64Array
  /** The entry before this one of the same histogram, −1 = none. */
  next: Int32Array
  /** Histogram → its last entry + 1, 0 = none. */
  heads: Int32Array
  /** Open addressing: entry + 1, 0 = free. */
  slots: Int32Array
}

export type Buckets = [bucket: number, count: number][]

const INITIAL = 256

export function createHistogramTable(): HistogramTable {
  return {
    size: 0,
    histogram: new Int32Array(INITIAL),
    bucket: new Int16Array(INITIAL),
    count: new Float64Array(INITIAL),
    next: new Int32Array(INITIAL),
    heads: new Int32Array(INITIAL),
    slots: new Int32Array(INITIAL * 2),
  }
}

export function addToHistogram(table: HistogramTable, histogram: number, bucket: number, count: number): void {
  const { slots } = table
  const mask = slots.length - 1
  let slot = hashOf(histogram, bucket) & mask
  for (let entry = slots[slot]! - 1; entry >= 0; entry = slots[slot]! - 1) {
    if (table.histogram[entry] === histogram && table.bucket[entry] === bucket) {
      table.count[entry] = table.count[entry]! + count
      return
    }
    slot = (slot + 1) & mask
  }
  if (table.size === table.histogram.length) {
    grow(table)
    addToHistogram(table, histogram, bucket, count)
    return
  }
  appendEntry(table, slot, { histogram, bucket, count })
}

/** The buckets of a histogram whose counts are not 0, in no order. */
export function histogramEntries(table: HistogramTable, histogram: number): Buckets {
  const entries: Buckets = []
  if (histogram >= table.heads.length) return entries
  for (let entry = table.heads[histogram]! - 1; entry >= 0; entry = table.next[entry]!) {
    const count = table.count[entry]!
    if (count !== 0) entries.push([table.bucket[entry]!, count])
  }
  return entries
}

export function clearHistograms(table: HistogramTable): void {
  if (!isKept(table.histogram.length, table.size)) Object.assign(table, createHistogramTable())
  table.slots.fill(0)
  table.heads.fill(0)
  table.size = 0
}

export function histogramTableBytes(table: HistogramTable): number {
  return table.slots.byteLength + table.heads.byteLength + table.histogram.length * 18
}

function appendEntry(table: HistogramTable, slot: number, entry: { histogram: number; bucket: number; count: number }): void {
  const { histogram } = entry
  const at = table.size++
  if (histogram >= table.heads.length) {
    const heads = new Int32Array(Math.max(histogram + 1, table.heads.length * 2))
    heads.set(table.heads)
    table.heads = heads
  }
  table.histogram[at] = histogram
  table.bucket[at] = entry.bucket
  table.count[at] = entry.count
  table.next[at] = table.heads[histogram]! - 1
  table.heads[histogram] = at + 1
  table.slots[slot] = at + 1
}

function hashOf(histogram: number, bucket: number): number {
  let h = Math.imul(histogram, 0x9e3779b1) ^ Math.imul(bucket, 0x85ebca77)
  h ^= h >>> 15
  h = Math.imul(h, 0x2c1b3c6d)
  return h ^ (h >>> 13)
}

function grow(table: HistogramTable): void {
  const size = table.histogram.length * 2
  const histogram = new Int32Array(size)
  histogram.set(table.histogram)
  const bucket = new Int16Array(size)
  bucket.set(table.bucket)
  const count = new Float64Array(size)
  count.set(table.count)
  const next = new Int32Array(size)
  next.set(table.next)
  const slots = new Int32Array(size * 2)
  const mask = slots.length - 1
  for (let entry = 0; entry < table.size; entry++) {
    let slot = hashOf(histogram[entry]!, bucket[entry]!) & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = entry + 1
  }
  Object.assign(table, { histogram, bucket, count, next, slots })
}
