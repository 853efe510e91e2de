import type { SpanBatch } from '../decode/span-batch.ts'
import { viewOf } from '../decode/byte-interner.ts'
import { growInt32 } from '../decode/growth.ts'
import { ID_WORDS } from '../facts/read-facts.ts'

export const BUCKET_SECONDS = 300

/** Which rows of a batch are kept, and in which order. */
export interface RowPlaces {
  /** How many rows are kept. */
  length: number
  /** Position → row of the batch. */
  rows: Int32Array
  /** The same rows in log order, and kept row → position: a batch is read fastest from its begin to its end. */
  logRows: Int32Array
  placeOf: Int32Array
}

/** The same with what rows are kept by first: who they belong to, and when. */
export interface BucketOrder extends RowPlaces {
  /** Position → bucket (start in seconds, floored to 5 minutes), and number of the tenant. */
  bucket: Int32Array
  tenant: Int32Array
  tenants: string[]
}

/** Rows of a batch in the order of table `spans`: tenant, bucket, trace id, time. Arrays are reused by the next call. */
export interface RowOrder extends BucketOrder {
  /** Runs of one tenant, bucket and trace: run → first position; `runs + 1` numbers. */
  runs: number
  runStart: Int32Array
}

export interface RowSorter {
  /** `keep(row)` false = the row is left out. */
  sort(batch: SpanBatch, keep: (row: number) => boolean): RowOrder
}

interface Scratch {
  /** Row → first four bytes of the trace id as an ordered number, and number of its (tenant, bucket). */
  prefix: Uint32Array
  group: Int32Array
  spare: Int32Array
  counts: Int32Array
}

interface Group {
  tenant: string
  bucket: number
}

const DIGIT_BITS = 11
const DIGITS = 1 << DIGIT_BITS
/** Rows of a trace above which the engine's own sort is used. */
const MAX_INSERTIONS = 64

export function createRowSorter(): RowSorter {
  const order: RowOrder = {
    length: 0,
    rows: empty(),
    logRows: empty(),
    placeOf: empty(),
    bucket: empty(),
    tenant: empty(),
    tenants: [],
    runs: 0,
    runStart: empty(),
  }
  const scratch: Scratch = { prefix: new Uint32Array(0), group: empty(), spare: empty(), counts: new Int32Array(DIGITS) }
  return {
    sort(batch, keep) {
      const view = viewOf(batch.bytes)
      reserve(order, scratch, batch.length)
      const groups = collect(batch, { order, scratch, keep })
      const ranked = rankGroups(order, scratch, groups)
      for (let shift = 0; shift < 32; shift += DIGIT_BITS) sortByPrefix(order, scratch, shift)
      if (ranked.length > 1) sortByGroup(order, scratch, ranked.length)
      fillGroups(order, scratch, ranked)
      settleTraces(batch, view, order, scratch.prefix)
      for (let at = 0; at < order.length; at++) order.placeOf[order.rows[at] as number] = at
      return order
    },
  }
}

function empty(): Int32Array {
  return new Int32Array(0)
}

function reserve(order: RowOrder, scratch: Scratch, rows: number): void {
  if (rows <= order.rows.length) return
  order.rows = growInt32(order.rows, rows)
  const size = order.rows.length
  order.logRows = new Int32Array(size)
  order.placeOf = new Int32Array(size)
  order.bucket = new Int32Array(size)
  order.tenant = new Int32Array(size)
  order.runStart = new Int32Array(size + 1)
  scratch.prefix = new Uint32Array(size)
  scratch.group = new Int32Array(size)
  scratch.spare = new Int32Array(size)
}

/** Lists the kept rows with their prefix and group, in log order. */
function collect(batch: SpanBatch, into: { order: RowOrder; scratch: Scratch; keep: (row: number) => boolean }): Group[] {
  const { order, scratch, keep } = into
  const groups: Group[] = []
  const numbers = new Map<string, Map<number, number>>()
  let lastEnvelope = -1
  let ofTenant = new Map<number, number>()
  let tenant = ''
  let lastBucket = -1
  let group = -1
  let length = 0
  for (let row = 0; row < batch.length; row++) {
    if (!keep(row)) continue
    const envelope = batch.envelope[row] as number
    if (envelope !== lastEnvelope) {
      lastEnvelope = envelope
      tenant = batch.envelopes[envelope]?.tenant ?? ''
      ofTenant = numbers.get(tenant) ?? new Map<number, number>()
      numbers.set(tenant, ofTenant)
      lastBucket = -1
    }
    const bucket = bucketOf(batch.startUs[row] as number)
    if (bucket !== lastBucket) {
      lastBucket = bucket
      group = ofTenant.get(bucket) ?? groups.push({ tenant, bucket }) - 1
      ofTenant.set(bucket, group)
    }
    order.logRows[length] = row
    order.rows[length++] = row
    scratch.prefix[row] = bigEndian(batch.ids[row * ID_WORDS] as number)
    scratch.group[row] = group
  }
  order.length = length
  return groups
}

function bigEndian(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)
}

export function bucketOf(startUs: number): number {
  return Math.floor(startUs / (BUCKET_SECONDS * 1e6)) * BUCKET_SECONDS
}

/** Numbers the groups by tenant (as bytes) and bucket. */
function rankGroups(order: RowOrder, scratch: Scratch, groups: readonly Group[]): Group[] {
  const tenants = [...new Set(groups.map(({ tenant }) => tenant))].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  const place = new Map(tenants.map((tenant, i) => [tenant, i]))
  const ranked = groups.map((group, number) => ({ ...group, number }))
  ranked.sort((a, b) => (place.get(a.tenant) ?? 0) - (place.get(b.tenant) ?? 0) || a.bucket - b.bucket)
  const rank = new Int32Array(groups.length)
  ranked.forEach(({ number }, i) => {
    rank[number] = i
  })
  for (let i = 0; i < order.length; i++) {
    const row = order.rows[i] as number
    scratch.group[row] = rank[scratch.group[row] as number] as number
  }
  order.tenants = tenants
  return ranked
}

function sortByPrefix(order: RowOrder, scratch: Scratch, shift: number): void {
  const { rows, length } = order
  const { prefix, spare, counts } = scratch
  counts.fill(0, 0, DIGITS)
  for (let i = 0; i < length; i++) counts[((prefix[rows[i] as number] as number) >>> shift) & (DIGITS - 1)]!++
  sumUp(counts, DIGITS)
  for (let i = 0; i < length; i++) {
    const row = rows[i] as number
    spare[counts[((prefix[row] as number) >>> shift) & (DIGITS - 1)]!++] = row
  }
  order.rows = spare
  scratch.spare = rows
}

function sortByGroup(order: RowOrder, scratch: Scratch, groups: number): void {
  if (scratch.counts.length < groups) scratch.counts = new Int32Array(groups * 2)
  const { rows, length } = order
  const { group, spare, counts } = scratch
  counts.fill(0, 0, groups)
  for (let i = 0; i < length; i++) counts[group[rows[i] as number] as number]!++
  sumUp(counts, groups)
  for (let i = 0; i < length; i++) {
    const row = rows[i] as number
    spare[counts[group[row] as number]!++] = row
  }
  order.rows = spare
  scratch.spare = rows
}

/** Counts → first position of each. */
function sumUp(counts: Int32Array, length: number): void {
  let sum = 0
  for (let i = 0; i < length; i++) {
    const count = counts[i] as number
    counts[i] = sum
    sum += count
  }
}

function fillGroups(order: RowOrder, scratch: Scratch, ranked: readonly Group[]): void {
  const tenantOf = ranked.map(({ tenant }) => order.tenants.indexOf(tenant))
  for (let i = 0; i < order.length; i++) {
    const group = scratch.group[order.rows[i] as number] as number
    order.bucket[i] = ranked[group]?.bucket ?? 0
    order.tenant[i] = tenantOf[group] ?? 0
  }
}

/** Rows that agree in group and prefix get their exact order; then runs of one trace are found. */
function settleTraces(batch: SpanBatch, view: DataView, order: RowOrder, prefix: Uint32Array): void {
  const { rows, bucket, tenant, length } = order
  order.runs = 0
  for (let from = 0; from < length; ) {
    const wanted = prefix[rows[from] as number]
    let to = from + 1
    while (to < length && prefix[rows[to] as number] === wanted && bucket[to] === bucket[from] && tenant[to] === tenant[from]) to++
    if (isOneTrace(batch.ids, order, { from, to })) {
      order.runStart[order.runs++] = from
      sortByStart(batch.startUs, rows, from, to)
    } else settleCollision(batch, view, order, { from, to })
    from = to
  }
  order.runStart[order.runs] = length
}

/** Almost always: two traces of a block seldom begin with the same four bytes. */
function isOneTrace(ids: Int32Array, order: RowPlaces, { from, to }: { from: number; to: number }): boolean {
  const first = (order.rows[from] as number) * ID_WORDS
  for (let at = from + 1; at < to; at++) {
    const other = (order.rows[at] as number) * ID_WORDS
    if (ids[first + 3] !== ids[other + 3] || ids[first + 2] !== ids[other + 2] || ids[first + 1] !== ids[other + 1] || ids[first] !== ids[other]) return false
  }
  return true
}

/** By start, rows of the same start in log order; they come in log order. A trace of a usual size is sorted by insertion. */
function sortByStart(startUs: Float64Array, rows: Int32Array, from: number, to: number): void {
  if (to - from > MAX_INSERTIONS) {
    rows.subarray(from, to).sort((a, b) => (startUs[a] as number) - (startUs[b] as number) || a - b)
    return
  }
  for (let i = from + 1; i < to; i++) {
    const row = rows[i] as number
    const start = startUs[row] as number
    let at = i
    for (; at > from && (startUs[rows[at - 1] as number] as number) > start; at--) rows[at] = rows[at - 1] as number
    rows[at] = row
  }
}

function settleCollision(batch: SpanBatch, view: DataView, order: RowOrder, { from, to }: { from: number; to: number }): void {
  const { rows } = order
  rows.subarray(from, to).sort((a, b) => compareTraces(batch, view, a, b) || (batch.startUs[a] as number) - (batch.startUs[b] as number) || a - b)
  for (let at = from; at < to; at++) {
    if (at === from || compareTraces(batch, view, rows[at - 1] as number, rows[at] as number) !== 0) order.runStart[order.runs++] = at
  }
}

function compareTraces(batch: SpanBatch, view: DataView, a: number, b: number): number {
  const left = batch.traceId[a] as number
  const right = batch.traceId[b] as number
  for (let i = 0; i < 16; i += 4) {
    const difference = view.getUint32(left + i) - view.getUint32(right + i)
    if (difference !== 0) return difference
  }
  return 0
}
