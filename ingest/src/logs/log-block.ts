import { createNativeBlock } from '@skein/store/native/block'
import { createOutput } from '@skein/store/native/output'
import { TABLES } from '@skein/store/tables'
import { viewOf } from '../decode/byte-interner.ts'
import { createAttributePairs } from '../rows/attribute-pairs.ts'
import { fingerprints, pickBytes, usedIndexes } from '../rows/picked-columns.ts'
import type { LogBatch } from './log-batch.ts'
import type { LogOrder } from './log-order.ts'

export interface LogBlockWriter {
  /** The block of table `logs` for the rows of an order that is not empty. Its memory is used again by the next call. */
  write(batch: LogBatch, order: LogOrder): Uint8Array
}

const FIRST_CAPACITY_BYTES = 1 << 20

export function createLogBlockWriter(): LogBlockWriter {
  const pairs = createAttributePairs()
  const out = createOutput(FIRST_CAPACITY_BYTES)
  return {
    write(batch, order) {
      const rows = order.length
      const positions = order.rows.subarray(0, rows)
      const { items, rest } = pairs.build(batch, order)
      const block = createNativeBlock(TABLES.logs.columns, rows, out)
      block.lowCardinality('tenant', order.tenants, order.tenant.subarray(0, rows))
      block.fixed('bucket', order.bucket.subarray(0, rows))
      block.fixed('ts', pairsOfWords(batch.timeLow, batch.timeHigh, positions))
      block.fixed('seq', seqColumn(batch, positions))
      block.integers('received', receivedColumn(batch, positions))
      block.fixed('severity', pickBytes(batch.severity, positions))
      const texts = usedIndexes(batch.severityText, positions, batch.severityTexts)
      block.lowCardinality('severity_text', texts.dictionary, texts.indexes)
      block.lowCardinality('service', order.services, order.service.subarray(0, rows))
      block.fixed('resource_fp', fingerprints(batch, positions))
      const scopes = usedIndexes(batch.scope, positions, batch.scopes)
      block.lowCardinality('scope', scopes.dictionary, scopes.indexes)
      block.fixed('trace_id', idColumn(batch, { offsets: batch.traceId, words: 4 }, positions))
      block.fixed('span_id', idColumn(batch, { offsets: batch.spanId, words: 2 }, positions))
      block.fixed('pattern', patternColumn(batch, positions))
      block.ranges('body', { bytes: batch.bytes, starts: batch.bodyStart, ends: batch.bodyEnd }, positions)
      block.fixed('body_kind', pickBytes(batch.bodyKind, positions))
      block.lowCardinalityArrays('items', items.offsets, items.dictionary, items.indexes)
      block.ranges('rest', rest)
      return block.finish()
    },
  }
}

function pairsOfWords(low: Uint32Array, high: Uint32Array, positions: Int32Array): Uint32Array {
  const values = new Uint32Array(positions.length * 2)
  for (let i = 0; i < positions.length; i++) {
    const row = positions[i] as number
    values[i * 2] = low[row] as number
    values[i * 2 + 1] = high[row] as number
  }
  return values
}

const PLACE_BITS = 20
const OFFSET_LOW_BITS = 32 - PLACE_BITS
const OFFSET_HIGH_BITS = 24

/** 8 bits partition, 36 offset, 20 place in the envelope, from the highest to the lowest. */
function seqColumn(batch: LogBatch, positions: Int32Array): Uint32Array {
  const low = Uint32Array.from(batch.envelopes, ({ offset }) => (offset % 2 ** OFFSET_LOW_BITS) * 2 ** PLACE_BITS)
  const high = Uint32Array.from(
    batch.envelopes,
    ({ partition, offset }) => (partition % 256) * 2 ** OFFSET_HIGH_BITS + (Math.floor(offset / 2 ** OFFSET_LOW_BITS) % 2 ** OFFSET_HIGH_BITS),
  )
  const values = new Uint32Array(positions.length * 2)
  for (let i = 0; i < positions.length; i++) {
    const row = positions[i] as number
    const envelope = batch.envelope[row] as number
    values[i * 2] = (low[envelope] as number) + (batch.place[row] as number)
    values[i * 2 + 1] = high[envelope] as number
  }
  return values
}

function receivedColumn(batch: LogBatch, positions: Int32Array): Float64Array {
  const times = Float64Array.from(batch.envelopes, ({ logTimeMs }) => logTimeMs)
  const values = new Float64Array(positions.length)
  for (let i = 0; i < positions.length; i++) values[i] = times[batch.envelope[positions[i] as number] as number] as number
  return values
}

/** Ids from their offsets; zeros for none. */
function idColumn(batch: LogBatch, { offsets, words }: { offsets: Int32Array; words: number }, positions: Int32Array): Uint32Array {
  const view = viewOf(batch.bytes)
  const values = new Uint32Array(positions.length * words)
  for (let i = 0; i < positions.length; i++) {
    const offset = offsets[positions[i] as number] as number
    if (offset < 0) continue
    for (let word = 0; word < words; word++) values[i * words + word] = view.getUint32(offset + word * 4, true)
  }
  return values
}

function patternColumn({ pattern }: LogBatch, positions: Int32Array): Uint32Array {
  const values = new Uint32Array(positions.length * 2)
  for (let i = 0; i < positions.length; i++) {
    const row = positions[i] as number
    values[i * 2] = pattern[row * 2] as number
    values[i * 2 + 1] = pattern[row * 2 + 1] as number
  }
  return values
}
