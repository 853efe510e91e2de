import { createNativeBlock, type Indexes, type TextRanges } from '@skein/store/native/block'
import { createOutput, type Output } from '@skein/store/native/output'
import { TABLES } from '@skein/store/tables'
import type { DecodedBatch } from '../decode/batch-arrays.ts'
import { viewOf } from '../decode/byte-interner.ts'
import { type AttributePairs, createAttributePairs } from './attribute-pairs.ts'
import { type ByteOutput, createByteOutput, reserveBytes } from './byte-output.ts'
import { lateColumn, weightColumn } from './late-columns.ts'
import { parentIds } from './parent-ids.ts'
import { fingerprints, pickBytes, usedIndexes } from './picked-columns.ts'
import type { RowOrder } from './row-order.ts'
import { createTextDictionary, type TextDictionary } from './text-dictionary.ts'

export interface SpanBlockWriter {
  /** The block of table `spans` for the rows of an order that is not empty. Its memory is used again by the next call. */
  write(batch: DecodedBatch, order: RowOrder): Uint8Array
}

interface Tools {
  pairs: AttributePairs
  names: TextDictionary
  messages: ByteOutput
  out: Output
}

const FIRST_CAPACITY_BYTES = 1 << 20

export function createSpanBlockWriter(): SpanBlockWriter {
  const tools: Tools = {
    pairs: createAttributePairs(),
    names: createTextDictionary(),
    messages: createByteOutput(1 << 12),
    out: createOutput(FIRST_CAPACITY_BYTES),
  }
  return {
    write: (batch, order) => writeBlock(batch, order, tools),
  }
}

function writeBlock(batch: DecodedBatch, order: RowOrder, tools: Tools): Uint8Array {
  const rows = order.length
  const positions = order.rows.subarray(0, rows)
  const view = viewOf(batch.bytes)
  const block = createNativeBlock(TABLES.spans.columns, rows, tools.out)
  const { times, traceIds, spanIds } = idColumns(view, batch, order)
  const low = new Uint32Array(rows)
  const high = new Uint32Array(rows)
  parentIds(batch, order, { low, high, spanIds })
  block.lowCardinality('tenant', order.tenants, order.tenant.subarray(0, rows))
  block.fixed('bucket', order.bucket.subarray(0, rows))
  block.fixed('ts', times)
  block.fixed('trace_id', traceIds)
  block.fixed('span_id', spanIds)
  block.fixed('parent_lo', low)
  block.fixed('parent_hi', high)
  const names = nameIndexes(batch, order, tools.names)
  block.lowCardinality('name', names.dictionary, names.indexes)
  const services = serviceIndexes(batch, positions)
  block.lowCardinality('service', services.dictionary, services.indexes)
  const scopes = usedIndexes(batch.scope, positions, batch.scopes)
  block.lowCardinality('scope', scopes.dictionary, scopes.indexes)
  block.fixed('kind', pickBytes(batch.kind, positions))
  block.fixed('status', pickBytes(batch.status, positions))
  block.ranges('message', { bytes: batch.bytes, starts: batch.messageStart, ends: batch.messageEnd }, positions)
  block.integers('duration', pickNumbers(batch.durationNs, positions))
  block.fixed('resource_fp', fingerprints(batch, positions))
  block.ranges('events', messagesOf(batch.bytes, positions, { from: batch.eventFrom, to: batch.eventTo, ranges: batch.events, out: tools.messages }))
  block.ranges('links', messagesOf(batch.bytes, positions, { from: batch.linkFrom, to: batch.linkTo, ranges: batch.links, out: tools.messages }))
  const { items, rest } = tools.pairs.build(batch, order)
  block.lowCardinalityArrays('items', items.offsets, items.dictionary, items.indexes)
  block.ranges('rest', rest)
  block.fixed('late', lateColumn(batch, positions))
  block.fixed('weight', weightColumn(batch, positions))
  return block.finish()
}

/** What lies side by side in a span's bytes is read together, span after span, and put to its place. */
function idColumns(view: DataView, batch: DecodedBatch, order: RowOrder): { times: Uint32Array; traceIds: Uint32Array; spanIds: Uint32Array } {
  const times = new Uint32Array(order.length * 2)
  const traceIds = new Uint32Array(order.length * 4)
  const spanIds = new Uint32Array(order.length * 2)
  for (let i = 0; i < order.length; i++) {
    const row = order.logRows[i] as number
    const place = order.placeOf[row] as number
    const trace = batch.traceId[row] as number
    const span = batch.spanId[row] as number
    const time = batch.startNsOffset[row] as number
    traceIds[place * 4] = view.getUint32(trace, true)
    traceIds[place * 4 + 1] = view.getUint32(trace + 4, true)
    traceIds[place * 4 + 2] = view.getUint32(trace + 8, true)
    traceIds[place * 4 + 3] = view.getUint32(trace + 12, true)
    spanIds[place * 2] = view.getUint32(span, true)
    spanIds[place * 2 + 1] = view.getUint32(span + 4, true)
    times[place * 2] = view.getUint32(time, true)
    times[place * 2 + 1] = view.getUint32(time + 4, true)
  }
  return { times, traceIds, spanIds }
}

/** Fixed-width values from their offsets in the batch; `width` is a multiple of 4. */
export function gather(view: DataView, offsets: Int32Array, positions: Int32Array, width: number): Int32Array {
  const words = width >> 2
  const values = new Int32Array(positions.length * words)
  let at = 0
  for (let i = 0; i < positions.length; i++) {
    const offset = offsets[positions[i] as number] as number
    for (let word = 0; word < words; word++) values[at++] = view.getInt32(offset + word * 4, true)
  }
  return values
}

function nameIndexes(batch: DecodedBatch, order: RowOrder, names: TextDictionary): { dictionary: TextRanges; indexes: Indexes } {
  names.start(batch.bytes)
  const indexes = new Int32Array(order.length)
  for (let i = 0; i < order.length; i++) {
    const row = order.logRows[i] as number
    indexes[order.placeOf[row] as number] = names.indexOf(batch.nameStart[row] as number, batch.nameEnd[row] as number)
  }
  return { dictionary: names.ranges(), indexes }
}

function serviceIndexes(batch: DecodedBatch, positions: Int32Array): { dictionary: string[]; indexes: Indexes } {
  return usedIndexes(
    batch.resource,
    positions,
    batch.resources.map(({ service }) => service),
  )
}

function pickNumbers(values: Float64Array, positions: Int32Array): Float64Array {
  const picked = new Float64Array(positions.length)
  for (let i = 0; i < positions.length; i++) picked[i] = values[positions[i] as number] as number
  return picked
}

/** Each row's messages one after the other, each with its length as a varint before it. */
function messagesOf(bytes: Buffer, positions: Int32Array, source: { from: Int32Array; to: Int32Array; ranges: Int32Array; out: ByteOutput }): TextRanges {
  const { from, to, ranges, out } = source
  const starts = new Int32Array(positions.length)
  const ends = new Int32Array(positions.length)
  out.length = 0
  for (let i = 0; i < positions.length; i++) {
    const row = positions[i] as number
    starts[i] = out.length
    const last = to[row] as number
    for (let message = from[row] as number; message < last; message++) {
      writeMessage(out, bytes, ranges[message * 2] as number, ranges[message * 2 + 1] as number)
    }
    ends[i] = out.length
  }
  return { bytes: out.bytes, starts, ends }
}

function writeMessage(out: ByteOutput, bytes: Buffer, start: number, end: number): void {
  reserveBytes(out, end - start + 5)
  let rest = end - start
  while (rest > 0x7f) {
    out.bytes[out.length++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  out.bytes[out.length++] = rest
  bytes.copy(out.bytes, out.length, start, end)
  out.length += end - start
}
