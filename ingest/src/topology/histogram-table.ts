import { HISTOGRAM_MAX_BUCKET, HISTOGRAM_ZERO_BUCKET } from '@skein/schemas/histogram'
import { inPieces } from '../decode/pieces.ts'
import { isKept } from './tuple-index.ts'

/**
 * Signed counts by (histogram, bucket); a histogram is a number its owner gives. Counts are written down one behind the other and added up when they are
 * read: a histogram of a range has about as many buckets as counts, and to look each of them up was a miss of the cache for every one.
 */
export interface HistogramTable extends Counts {
  /** Counts that were written down. */
  size: number
  /** The first so many are settled: histogram by histogram, each bucket once and none with 0. */
  settled: number
  /** Of settled counts: histogram → its first. One more than there are histograms. */
  starts: Int32Array
}

interface Counts {
  histogram: Int32Array
  bucket: Int16Array
  count: Float64Array
}

export type Buckets = [bucket: number, count: number][]

const INITIAL = 256
/** Fewer are not settled before they are read: it costs as much as some thousands of them to count histograms. */
const SETTLED_ABOVE = 1 << 15
const BUCKETS = HISTOGRAM_MAX_BUCKET - HISTOGRAM_ZERO_BUCKET + 1

export function createHistogramTable(): HistogramTable {
  return { size: 0, settled: 0, starts: new Int32Array(2), ...createCounts(INITIAL) }
}

export function addToHistogram(table: HistogramTable, histogram: number, bucket: number, count: number): void {
  if (table.size === table.histogram.length) makeRoom(table)
  const at = table.size++
  table.histogram[at] = histogram
  table.bucket[at] = bucket
  table.count[at] = count
}

/** Brings together what is of one histogram, adds up what is of one bucket and drops what has come to 0. */
export function settleHistograms(table: HistogramTable): void {
  if (table.settled === table.size) return
  const settling: Settling = {
    table,
    spread: createCounts(table.size),
    places: new Int32Array(0),
    last: 0,
    current: -1,
    first: 0,
    kept: 0,
    keptAt: new Int32Array(BUCKETS),
  }
  inPieces(table.size, findLast, settling)
  settling.places = new Int32Array(settling.last + 2)
  inPieces(table.size, countKeys, settling)
  sumUp(settling.places)
  inPieces(table.size, spread, settling)
  inPieces(table.size, merge, settling)
  table.size = settling.kept
  settling.kept = 0
  table.starts = settling.places.fill(0)
  inPieces(table.size, keep, settling)
  sumUp(table.starts)
  table.size = settling.kept
  table.settled = settling.kept
}

/** The first of the settled counts of a histogram; that of the next histogram is behind its last. */
export function firstOf({ starts, settled }: HistogramTable, histogram: number): number {
  return histogram < starts.length ? starts[histogram]! : settled
}

/** The buckets of a histogram, in no order. */
export function histogramEntries(table: HistogramTable, histogram: number): Buckets {
  settleHistograms(table)
  const entries: Buckets = []
  const end = firstOf(table, histogram + 1)
  for (let at = firstOf(table, histogram); at < end; at++) entries.push([table.bucket[at]!, table.count[at]!])
  return entries
}

export function clearHistograms(table: HistogramTable): void {
  const room = table.histogram.length
  if (room > SETTLED_ABOVE && !isKept(room, table.size)) Object.assign(table, createCounts(INITIAL))
  table.size = 0
  table.settled = 0
  table.starts = new Int32Array(2)
}

export function histogramTableBytes(table: HistogramTable): number {
  return table.histogram.length * 14 + table.starts.byteLength
}

function createCounts(length: number): Counts {
  return { histogram: new Int32Array(length), bucket: new Int16Array(length), count: new Float64Array(length) }
}

/** Of many, adding up may make enough: then only what stays more than half full grows. */
function makeRoom(table: HistogramTable): void {
  const { histogram, bucket, count } = table
  if (table.size >= SETTLED_ABOVE) {
    settleHistograms(table)
    if (table.size * 2 <= histogram.length) return
  }
  const bigger = createCounts(histogram.length * 2)
  bigger.histogram.set(histogram)
  bigger.bucket.set(bucket)
  bigger.count.set(count)
  Object.assign(table, bigger)
}

interface Settling {
  table: HistogramTable
  /** The counts of the table, histogram by histogram. */
  spread: Counts
  /** Histogram → where its next count goes, with one more than there are. */
  places: Int32Array
  /** Greatest histogram. */
  last: number
  /** The histogram that is added up, and where its counts begin. */
  current: number
  first: number
  kept: number
  /** Bucket, from the least on → where it is kept, + 1; up to `first` it is another histogram's or nobody's. */
  keptAt: Int32Array
}

function findLast(settling: Settling, from: number, to: number): void {
  const { histogram } = settling.table
  for (let at = from; at < to; at++) if (histogram[at]! > settling.last) settling.last = histogram[at]!
}

function countKeys({ table, places }: Settling, from: number, to: number): void {
  const { histogram } = table
  for (let at = from; at < to; at++) places[histogram[at]! + 1]!++
}

function sumUp(places: Int32Array): void {
  for (let key = 1; key < places.length; key++) places[key]! += places[key - 1]!
}

function spread({ table: { histogram, bucket, count }, spread: to, places }: Settling, from: number, end: number): void {
  for (let at = from; at < end; at++) {
    const place = places[histogram[at]!]!++
    to.histogram[place] = histogram[at]!
    to.bucket[place] = bucket[at]!
    to.count[place] = count[at]!
  }
}

function merge(settling: Settling, from: number, to: number): void {
  const { table, spread: counts, keptAt } = settling
  for (let at = from; at < to; at++) {
    if (counts.histogram[at]! !== settling.current) {
      settling.current = counts.histogram[at]!
      settling.first = settling.kept
    }
    const bucket = counts.bucket[at]!
    const known = keptAt[bucket - HISTOGRAM_ZERO_BUCKET]! - 1
    if (known >= settling.first) {
      table.count[known] = table.count[known]! + counts.count[at]!
      continue
    }
    keptAt[bucket - HISTOGRAM_ZERO_BUCKET] = settling.kept + 1
    table.histogram[settling.kept] = settling.current
    table.bucket[settling.kept] = bucket
    table.count[settling.kept++] = counts.count[at]!
  }
}

/** What has not come to 0. */
function keep(settling: Settling, from: number, to: number): void {
  const { histogram, bucket, count, starts } = settling.table
  for (let at = from; at < to; at++) {
    if (count[at] === 0) continue
    const { kept } = settling
    histogram[kept] = histogram[at]!
    bucket[kept] = bucket[at]!
    count[kept] = count[at]!
    starts[histogram[at]! + 1]!++
    settling.kept++
  }
}
