import type { SpanBatch } from '../decode/span-batch.ts'
import { growInt32 } from '../decode/growth.ts'
import { inPieces } from '../decode/pieces.ts'
import { ID_WORDS } from '../facts/read-facts.ts'
import { settleTraces } from './settle-traces.ts'

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
  /** Leaves out rows with `repeat` 1, and those that are in their envelope only because they are linked to. */
  sort(batch: SpanBatch, repeat: Uint8Array): RowOrder
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
    sort(batch, repeat) {
      reserve(order, scratch, batch.length)
      const groups = collect(batch, { order, scratch, repeat })
      const ranked = rankGroups(order, scratch, groups)
      for (let shift = 0; shift < 32; shift += DIGIT_BITS) sortByPrefix(order, scratch, shift)
      if (ranked.length > 1) sortByGroup(order, scratch, ranked.length)
      fillGroups(order, scratch, ranked)
      settleTraces(batch, order, scratch.prefix)
      inPieces(order.length, placeRows, order)
      return order
    },
  }
}

function placeRows(order: RowOrder, from: number, to: number): void {
  for (let at = from; at < to; at++) order.placeOf[order.rows[at] as number] = at
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

interface Collecting {
  batch: SpanBatch
  order: RowOrder
  scratch: Scratch
  repeat: Uint8Array
  groups: Group[]
  /** Tenant → bucket → group. */
  numbers: Map<string, Map<number, number>>
  /** Of the row before. */
  envelope: number
  bucket: number
  group: number
}

/** Lists the kept rows with their prefix and group, in log order. */
function collect(batch: SpanBatch, into: { order: RowOrder; scratch: Scratch; repeat: Uint8Array }): Group[] {
  const { order, scratch, repeat } = into
  const state: Collecting = { batch, order, scratch, repeat, groups: [], numbers: new Map(), envelope: -1, bucket: -1, group: -1 }
  order.length = 0
  inPieces(batch.length, collectRows, state)
  return state.groups
}

function collectRows(state: Collecting, from: number, to: number): void {
  const { batch, order, scratch, repeat } = state
  let { length } = order
  for (let row = from; row < to; row++) {
    const envelope = batch.envelope[row] as number
    if (repeat[row] === 1 || batch.envelopes[envelope]?.linkedCopy === true) continue
    const bucket = bucketOf(batch.startUs[row] as number)
    if (envelope !== state.envelope || bucket !== state.bucket) enterGroup(state, envelope, bucket)
    order.logRows[length] = row
    order.rows[length++] = row
    scratch.prefix[row] = bigEndian(batch.ids[row * ID_WORDS] as number)
    scratch.group[row] = state.group
  }
  order.length = length
}

function enterGroup(state: Collecting, envelope: number, bucket: number): void {
  const { groups, numbers } = state
  const tenant = state.batch.envelopes[envelope]?.tenant ?? ''
  const ofTenant = numbers.get(tenant) ?? new Map<number, number>()
  numbers.set(tenant, ofTenant)
  state.group = ofTenant.get(bucket) ?? groups.push({ tenant, bucket }) - 1
  ofTenant.set(bucket, state.group)
  state.envelope = envelope
  state.bucket = bucket
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
  inPieces(order.length, rankRows, { rows: order.rows, group: scratch.group, rank })
  order.tenants = tenants
  return ranked
}

function rankRows({ rows, group, rank }: { rows: Int32Array; group: Int32Array; rank: Int32Array }, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const row = rows[i] as number
    group[row] = rank[group[row] as number] as number
  }
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

interface Filling {
  order: RowOrder
  group: Int32Array
  /** Group in its order → bucket and tenant. */
  buckets: Float64Array
  tenants: Int32Array
}

function fillGroups(order: RowOrder, { group }: Scratch, ranked: readonly Group[]): void {
  const buckets = Float64Array.from(ranked, ({ bucket }) => bucket)
  const tenants = Int32Array.from(ranked, ({ tenant }) => order.tenants.indexOf(tenant))
  inPieces(order.length, fillRows, { order, group, buckets, tenants })
}

function fillRows({ order, group, buckets, tenants }: Filling, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const of = group[order.rows[i] as number] as number
    order.bucket[i] = buckets[of] as number
    order.tenant[i] = tenants[of] as number
  }
}
