import { WARNING_REASONS } from './scan-limits.ts'

/** Numbers of one record in `RecordScan.records`. */
export const RECORD_STRIDE = 4
/** Numbers of one scope in `RecordScan.scopes`: resource, first header range, header ranges, header bytes. */
export const SCOPE_STRIDE = 4
/** Numbers of one resource in `RecordScan.resources`: first header range, header ranges, header bytes. */
export const RESOURCE_STRIDE = 3

/**
 * Where things are in one export request: offsets only. Made once and filled again for every request, so that a scan
 * allocates nothing; what it says is true until the next scan.
 */
export interface RecordScan {
  bytes: Buffer
  /** Accepted records. */
  recordCount: number
  /** Per record: scope index, start of its field tag, end, hash that chooses its partition (`schemas/partition`): of its trace id, else of its resource. */
  records: Int32Array
  resourceCount: number
  resources: Int32Array
  scopeCount: number
  scopes: Int32Array
  /** Byte ranges (start, end) of everything in a resource group that is not a scope group. */
  resourceRanges: Int32Array
  resourceRangeCount: number
  /** Byte ranges (start, end) of everything in a scope group that is not a record. */
  scopeRanges: Int32Array
  scopeRangeCount: number
  /** Per link of a span to another trace: record index, hash of the linked trace id. */
  links: Int32Array
  linkCount: number
  /** Rejected records. */
  badIds: number
  tooLarge: number
  /** Accepted records by `WARNING_REASONS`. */
  warnings: Int32Array
  /** 16 bytes, before the tenant; see `request-id.ts`. */
  requestId: Uint8Array
}

export function createRecordScan(): RecordScan {
  return {
    bytes: Buffer.alloc(0),
    recordCount: 0,
    records: new Int32Array(4096 * RECORD_STRIDE),
    resourceCount: 0,
    resources: new Int32Array(64 * RESOURCE_STRIDE),
    scopeCount: 0,
    scopes: new Int32Array(256 * SCOPE_STRIDE),
    resourceRanges: new Int32Array(256),
    resourceRangeCount: 0,
    scopeRanges: new Int32Array(1024),
    scopeRangeCount: 0,
    links: new Int32Array(256),
    linkCount: 0,
    badIds: 0,
    tooLarge: 0,
    warnings: new Int32Array(WARNING_REASONS.length),
    requestId: new Uint8Array(16),
  }
}

export function resetRecordScan(scan: RecordScan, bytes: Buffer): void {
  scan.bytes = bytes
  scan.recordCount = 0
  scan.resourceCount = 0
  scan.scopeCount = 0
  scan.resourceRangeCount = 0
  scan.scopeRangeCount = 0
  scan.linkCount = 0
  scan.badIds = 0
  scan.tooLarge = 0
  scan.warnings.fill(0)
}

/** Doubles `array` until it holds `length` numbers. */
export function grown(array: Int32Array, length: number): Int32Array {
  if (array.length >= length) return array
  let size = array.length * 2
  while (size < length) size *= 2
  const bigger = new Int32Array(size)
  bigger.set(array)
  return bigger
}
