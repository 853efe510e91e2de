import { createAttributeKeys } from '../decode/attribute-keys.ts'
import { ATTRIBUTE_NUMBERS } from '../decode/batch-arrays.ts'
import { growFloat64, growInt32, growUint32, growUint8 } from '../decode/growth.ts'
import { MAX_BATCH_BYTES } from '../decode/payload-memory.ts'
import { LOG_MEANINGS, type LogBatch } from './log-batch.ts'

export function createLogBatch(rows: number): LogBatch {
  const int32 = (length: number): Int32Array => new Int32Array(length)
  return {
    bytes: Buffer.alloc(0),
    grown: Buffer.alloc(0),
    usedBytes: 0,
    length: 0,
    envelope: int32(rows),
    envelopes: [],
    place: int32(rows),
    resource: int32(rows),
    resources: [],
    service: int32(rows),
    services: [],
    scope: int32(rows),
    scopes: [],
    timeLow: new Uint32Array(rows),
    timeHigh: new Uint32Array(rows),
    severity: new Uint8Array(rows),
    severityText: int32(rows),
    severityTexts: [],
    bodyStart: int32(rows),
    bodyEnd: int32(rows),
    bodyKind: new Uint8Array(rows),
    traceId: int32(rows),
    spanId: int32(rows),
    flags: new Uint8Array(rows),
    slots: int32(rows),
    file: new Uint32Array(rows * 2),
    fileOffset: new Float64Array(rows),
    pattern: new Uint32Array(rows * 2),
    fate: new Uint8Array(rows),
    attributeFrom: int32(rows),
    attributeTo: int32(rows),
    attributes: int32(rows * 8 * ATTRIBUTE_NUMBERS),
    attributeKey: int32(rows * 8),
    attributeCount: 0,
    keys: createAttributeKeys(LOG_MEANINGS),
    keyCount: 0,
    names: new Map(),
    given: { services: new Map(), severityTexts: new Map() },
  }
}

/** Makes room for `rows` rows. */
export function reserveLogRows(batch: LogBatch, rows: number): void {
  if (rows <= batch.fate.length) return
  const size = Math.max(rows, batch.fate.length * 2)
  for (const name of ROW_INT32) batch[name] = growInt32(batch[name], size)
  for (const name of ROW_UINT8) batch[name] = growUint8(batch[name], size)
  for (const name of ROW_UINT32) batch[name] = growUint32(batch[name], size)
  for (const name of ROW_PAIRS) batch[name] = growUint32(batch[name], size * 2)
  batch.fileOffset = growFloat64(batch.fileOffset, size)
}

const ROW_UINT8 = ['severity', 'bodyKind', 'flags', 'fate'] as const
const ROW_UINT32 = ['timeLow', 'timeHigh'] as const
const ROW_PAIRS = ['file', 'pattern'] as const
const ROW_INT32 = [
  'envelope',
  'place',
  'resource',
  'service',
  'scope',
  'severityText',
  'bodyStart',
  'bodyEnd',
  'traceId',
  'spanId',
  'slots',
  'attributeFrom',
  'attributeTo',
] as const

/** Makes room for `attributes` attributes. */
export function reserveAttributes(batch: LogBatch, attributes: number): void {
  if (attributes <= batch.attributeKey.length) return
  batch.attributeKey = growInt32(batch.attributeKey, attributes)
  batch.attributes = growInt32(batch.attributes, batch.attributeKey.length * ATTRIBUTE_NUMBERS)
}

/** Makes room for `more` bytes behind those that are taken; `batch.bytes` may be another buffer afterwards. */
export function reserveText(batch: LogBatch, more: number): void {
  const needed = batch.usedBytes + more
  if (needed <= batch.bytes.length) return
  if (needed > MAX_BATCH_BYTES) throw new RangeError(`a batch of ${needed} bytes`)
  if (needed > batch.grown.length) batch.grown = Buffer.allocUnsafeSlow(Math.min(MAX_BATCH_BYTES, Math.max(needed, batch.bytes.length * 2)))
  batch.bytes.copy(batch.grown, 0, 0, batch.usedBytes)
  batch.bytes = batch.grown
}
