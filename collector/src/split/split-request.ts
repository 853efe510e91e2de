import type { PayloadWriter } from '@skein/schemas/envelope'
import { partitionOfHash } from '@skein/schemas/partition'
import { TooLargeError } from '../scan/malformed.ts'
import { RESOURCE_STRIDE, SCOPE_STRIDE, RECORD_STRIDE, type RecordScan } from '../scan/record-scan.ts'
import { partPayload } from './write-part.ts'

export interface SplitOptions {
  partitions: number
  /** Largest payload of one envelope. */
  maxPayloadBytes: number
  /** Resource and scope are repeated in every part; a request that would grow beyond this is too large. */
  maxTotalBytes: number
}

/** A valid export request for one partition. */
export interface Part {
  partition: number
  /** For pairing only: these spans are rows of another partition. Never of logs. */
  linkedCopy: boolean
  /** To be written before the scan is used again. */
  payload: PayloadWriter
  records: number
}

export interface Split {
  parts: Part[]
  /** Spans whose copy for a linked trace was left out, because links would have multiplied the request. */
  linksLeftOut: number
}

/** Growth of a request by copies for linked traces: at most its own size again, and this much is always allowed. */
const LINKED_FLOOR_BYTES = 1024 * 1024
/** Tag and longest length prefix of a group that holds at most `maxPayloadBytes`. */
const GROUP_OVERHEAD_BYTES = 6

/**
 * Regroups the accepted records of a scan by partition, copying byte ranges; cuts between records. The parts and their order
 * are a pure function of the scanned bytes and the options. Throws `TooLargeError` for `maxTotalBytes`.
 */
export function splitRequest(scan: RecordScan, options: SplitOptions): Split {
  const { recordCount, records } = scan
  if (recordCount === 0) return { parts: [], linksLeftOut: 0 }
  const partitionOf = new Int32Array(recordCount)
  let same = true
  for (let record = 0; record < recordCount; record++) {
    const partition = partitionOfHash(records[record * RECORD_STRIDE + 3]!, options.partitions)
    partitionOf[record] = partition
    if (partition !== partitionOf[0]) same = false
  }
  const linked = linkedSpans(scan, partitionOf, options.partitions)
  if (same && scan.badIds === 0 && scan.tooLarge === 0 && scan.bytes.length <= options.maxPayloadBytes) {
    const whole: Part = {
      partition: partitionOf[0]!,
      linkedCopy: false,
      payload: { bytes: scan.bytes.length, write: (out, at) => out.set(scan.bytes, at) },
      records: recordCount,
    }
    return { parts: [whole, ...partsOf(scan, linked.spans, { ...options, partitionOf: linked.partitions, linkedCopy: true })], linksLeftOut: linked.leftOut }
  }
  const all = new Int32Array(recordCount)
  for (let record = 0; record < recordCount; record++) all[record] = record
  const own = partsOf(scan, all, { ...options, partitionOf, linkedCopy: false })
  const copies = partsOf(scan, linked.spans, { ...options, partitionOf: linked.partitions, linkedCopy: true })
  return { parts: [...own, ...copies], linksLeftOut: linked.leftOut }
}

interface Linked {
  spans: Int32Array
  partitions: Int32Array
  leftOut: number
}

/** One entry per span and foreign partition, in span order. */
function linkedSpans(scan: RecordScan, partitionOf: Int32Array, partitions: number): Linked {
  const spans: number[] = []
  const targets: number[] = []
  let budget = Math.max(LINKED_FLOOR_BYTES, scan.bytes.length)
  let leftOut = 0
  let current = -1
  let seen = new Set<number>()
  for (let link = 0; link < scan.linkCount; link++) {
    const span = scan.links[link * 2]!
    if (span !== current) {
      current = span
      seen = new Set([partitionOf[span]!])
    }
    const target = partitionOfHash(scan.links[link * 2 + 1]!, partitions)
    if (seen.has(target)) continue
    seen.add(target)
    const bytes = bytesWithHeaders(scan, span)
    if (bytes > budget) {
      leftOut++
      continue
    }
    budget -= bytes
    spans.push(span)
    targets.push(target)
  }
  return { spans: Int32Array.from(spans), partitions: Int32Array.from(targets), leftOut }
}

function bytesWithHeaders(scan: RecordScan, span: number): number {
  const at = span * RECORD_STRIDE
  const scope = scan.records[at]! * SCOPE_STRIDE
  return scan.records[at + 2]! - scan.records[at + 1]! + scan.scopes[scope + 3]! + scan.resources[scan.scopes[scope]! * RESOURCE_STRIDE + 2]!
}

interface PartOptions extends SplitOptions {
  /** Entry → partition. */
  partitionOf: Int32Array
  linkedCopy: boolean
}

function partsOf(scan: RecordScan, entries: Int32Array, options: PartOptions): Part[] {
  const order = byPartition(entries, options.partitionOf, options.partitions)
  const cuts = planCuts(scan, order, options)
  return cuts.map((cut) => ({
    partition: cut.partition,
    linkedCopy: options.linkedCopy,
    payload: partPayload(scan, order.records.subarray(cut.from, cut.to)),
    records: cut.to - cut.from,
  }))
}

interface Order {
  records: Int32Array
  /** Partition p owns entries starts[p] … starts[p + 1] − 1. */
  starts: Int32Array
}

/** Stable counting sort. */
function byPartition(entries: Int32Array, partitionOf: Int32Array, partitions: number): Order {
  const starts = new Int32Array(partitions + 1)
  for (let i = 0; i < entries.length; i++) starts[partitionOf[i]! + 1]!++
  for (let p = 0; p < partitions; p++) starts[p + 1]! += starts[p]!
  const next = starts.slice()
  const records = new Int32Array(entries.length)
  for (let i = 0; i < entries.length; i++) records[next[partitionOf[i]!]!++] = entries[i]!
  return { records, starts }
}

interface Cut {
  partition: number
  from: number
  to: number
}

function planCuts(scan: RecordScan, order: Order, options: PartOptions): Cut[] {
  const cuts: Cut[] = []
  let total = 0
  for (let partition = 0; partition < options.partitions; partition++) {
    const end = order.starts[partition + 1]!
    let from = order.starts[partition]!
    let bytes = 0
    let scope = -1
    let resource = -1
    for (let i = from; i < end; i++) {
      let cost = recordCost(scan, order.records[i]!, scope, resource)
      if (bytes + cost > options.maxPayloadBytes && i > from) {
        cuts.push({ partition, from, to: i })
        total += bytes
        from = i
        bytes = 0
        cost = recordCost(scan, order.records[i]!, -1, -1)
      }
      bytes += cost
      scope = scan.records[order.records[i]! * RECORD_STRIDE]!
      resource = scan.scopes[scope * SCOPE_STRIDE]!
    }
    if (end > from) cuts.push({ partition, from, to: end })
    total += bytes
    if (total > options.maxTotalBytes) throw new TooLargeError('resources and scopes are too large to be repeated for every partition', 'intake_body_bytes')
  }
  return cuts
}

/** Upper bound of what a record adds to a part whose last one had the given scope and resource. */
function recordCost(scan: RecordScan, record: number, lastScope: number, lastResource: number): number {
  const at = record * RECORD_STRIDE
  const scope = scan.records[at]!
  const own = scan.records[at + 2]! - scan.records[at + 1]!
  if (scope === lastScope) return own
  const resource = scan.scopes[scope * SCOPE_STRIDE]!
  const withScope = own + scan.scopes[scope * SCOPE_STRIDE + 3]! + GROUP_OVERHEAD_BYTES
  if (resource === lastResource) return withScope
  return withScope + scan.resources[resource * RESOURCE_STRIDE + 2]! + GROUP_OVERHEAD_BYTES
}
