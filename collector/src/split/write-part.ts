import { GROUP_FIELD, SCOPE_GROUP_FIELD } from '@skein/schemas/otlp-count'
import { WireType } from '@skein/schemas/otlp-wire'
import type { PayloadWriter } from '@skein/schemas/envelope'
import { RESOURCE_STRIDE, SCOPE_STRIDE, RECORD_STRIDE, type RecordScan } from '../scan/record-scan.ts'

const RESOURCE_TAG = (GROUP_FIELD << 3) | WireType.bytes
const SCOPE_TAG = (SCOPE_GROUP_FIELD << 3) | WireType.bytes

/** Records next to each other that share a scope. */
interface ScopeRun {
  scope: number
  from: number
  to: number
  bodyBytes: number
}

interface ResourceRun {
  resource: number
  runs: ScopeRun[]
  bodyBytes: number
}

/**
 * An export request of the scan's signal that holds exactly these records, in this order, under their own scope and
 * resource. It is to be written before the scan is used again.
 */
export function partPayload(scan: RecordScan, records: Int32Array): PayloadWriter {
  const groups = groupRuns(scan, records)
  let bytes = 0
  for (const group of groups) bytes += 1 + lengthBytes(group.bodyBytes) + group.bodyBytes
  return { bytes, write: (out, at) => writeGroups(scan, records, groups, { out, at }) }
}

function writeGroups(scan: RecordScan, records: Int32Array, groups: readonly ResourceRun[], target: { out: Uint8Array; at: number }): void {
  const { out } = target
  let at = target.at
  for (const group of groups) {
    at = writePrefix(out, at, RESOURCE_TAG, group.bodyBytes)
    const resource = group.resource * RESOURCE_STRIDE
    at = copyRanges(scan.bytes, out, at, { ranges: scan.resourceRanges, first: scan.resources[resource]!, count: scan.resources[resource + 1]! })
    for (const run of group.runs) {
      at = writePrefix(out, at, SCOPE_TAG, run.bodyBytes)
      const scope = run.scope * SCOPE_STRIDE
      at = copyRanges(scan.bytes, out, at, { ranges: scan.scopeRanges, first: scan.scopes[scope + 1]!, count: scan.scopes[scope + 2]! })
      at = copyRecords(scan, records, run, { out, at })
    }
  }
}

function groupRuns(scan: RecordScan, records: Int32Array): ResourceRun[] {
  const groups: ResourceRun[] = []
  let group: ResourceRun | undefined
  let run: ScopeRun | undefined
  for (let i = 0; i < records.length; i++) {
    const at = records[i]! * RECORD_STRIDE
    const scope = scan.records[at]!
    if (run === undefined || run.scope !== scope) {
      const resource = scan.scopes[scope * SCOPE_STRIDE]!
      if (group === undefined || group.resource !== resource) {
        group = { resource, runs: [], bodyBytes: scan.resources[resource * RESOURCE_STRIDE + 2]! }
        groups.push(group)
      }
      run = { scope, from: i, to: i, bodyBytes: scan.scopes[scope * SCOPE_STRIDE + 3]! }
      group.runs.push(run)
    }
    run.to = i + 1
    run.bodyBytes += scan.records[at + 2]! - scan.records[at + 1]!
  }
  for (const each of groups) for (const inner of each.runs) each.bodyBytes += 1 + lengthBytes(inner.bodyBytes) + inner.bodyBytes
  return groups
}

function copyRanges(from: Buffer, out: Uint8Array, at: number, list: { ranges: Int32Array; first: number; count: number }): number {
  let to = at
  for (let range = list.first; range < list.first + list.count; range++) to += from.copy(out, to, list.ranges[range * 2]!, list.ranges[range * 2 + 1]!)
  return to
}

// Neighbours in the source are copied in one go.
function copyRecords(scan: RecordScan, records: Int32Array, run: ScopeRun, target: { out: Uint8Array; at: number }): number {
  let at = target.at
  let start = -1
  let end = -1
  for (let i = run.from; i < run.to; i++) {
    const record = records[i]! * RECORD_STRIDE
    if (scan.records[record + 1]! !== end) {
      if (start >= 0) at += scan.bytes.copy(target.out, at, start, end)
      start = scan.records[record + 1]!
    }
    end = scan.records[record + 2]!
  }
  return at + scan.bytes.copy(target.out, at, start, end)
}

function lengthBytes(length: number): number {
  let bytes = 1
  for (let rest = length >>> 7; rest > 0; rest >>>= 7) bytes++
  return bytes
}

function writePrefix(out: Uint8Array, at: number, tag: number, length: number): number {
  let to = at
  out[to++] = tag
  let rest = length
  while (rest > 127) {
    out[to++] = (rest & 127) | 128
    rest >>>= 7
  }
  out[to++] = rest
  return to
}
