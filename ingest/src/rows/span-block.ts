import { createNativeBlock, type Indexes, type TextRanges } from '@skein/store/native/block'
import { createOutput, type Output } from '@skein/store/native/output'
import { TABLES } from '@skein/store/tables'
import type { DecodedBatch } from '../decode/batch-arrays.ts'
import { inPieces } from '../decode/pieces.ts'
import { ID_WORDS } from '../facts/read-facts.ts'
import { MAX_TEXT_BYTES } from '../topology/intern.ts'
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
  names: NameTools
  messages: ByteOutput
  out: Output
}

interface NameTools {
  dictionary: TextDictionary
  /** Text → 1 + its number in the block, 0 = none yet. */
  placeOf: Int32Array
}

const FIRST_CAPACITY_BYTES = 1 << 20

export function createSpanBlockWriter(): SpanBlockWriter {
  const tools: Tools = {
    pairs: createAttributePairs(),
    names: { dictionary: createTextDictionary(), placeOf: new Int32Array(0) },
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
  const block = createNativeBlock(TABLES.spans.columns, rows, tools.out)
  const { times, traceIds, spanIds } = idColumns(batch, order)
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

function idColumns({ ids, start }: DecodedBatch, order: RowOrder): IdColumns {
  const times = new Uint32Array(order.length * 2)
  const traceIds = new Int32Array(order.length * 4)
  const spanIds = new Uint32Array(order.length * 2)
  inPieces(order.length, idRows, { ids, start, rows: order.rows, times, traceIds, spanIds })
  return { times, traceIds, spanIds }
}

interface IdColumns {
  times: Uint32Array
  traceIds: Int32Array
  spanIds: Uint32Array
}

function idRows(columns: IdColumns & Pick<DecodedBatch, 'ids' | 'start'> & Pick<RowOrder, 'rows'>, from: number, to: number): void {
  const { ids, start, rows, times, traceIds, spanIds } = columns
  for (let place = from; place < to; place++) {
    const row = rows[place] as number
    const at = row * ID_WORDS
    traceIds[place * 4] = ids[at] as number
    traceIds[place * 4 + 1] = ids[at + 1] as number
    traceIds[place * 4 + 2] = ids[at + 2] as number
    traceIds[place * 4 + 3] = ids[at + 3] as number
    spanIds[place * 2] = ids[at + 4] as number
    spanIds[place * 2 + 1] = ids[at + 5] as number
    times[place * 2] = start[row * 2] as number
    times[place * 2 + 1] = start[row * 2 + 1] as number
  }
}

/** Fixed-width values from their offsets in the batch; `width` is a multiple of 4. */
export function gather(view: DataView, offsets: Int32Array, positions: Int32Array, width: number): Int32Array {
  const words = width >> 2
  const values = new Int32Array(positions.length * words)
  inPieces(positions.length, gatherRows, { view, offsets, positions, words, values })
  return values
}

interface Gathering {
  view: DataView
  offsets: Int32Array
  positions: Int32Array
  words: number
  values: Int32Array
}

function gatherRows({ view, offsets, positions, words, values }: Gathering, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const offset = offsets[positions[i] as number] as number
    for (let word = 0; word < words; word++) values[i * words + word] = view.getInt32(offset + word * 4, true)
  }
}

function nameIndexes(batch: DecodedBatch, order: RowOrder, names: NameTools): { dictionary: TextRanges; indexes: Indexes } {
  return indexesByText(batch, order, names) ?? indexesByBytes(batch, order, names.dictionary)
}

/** Rows of one name have the same text, unless a name is so long that its text is cut: then null. */
function indexesByText(
  { operation, nameStart, nameEnd, names, bytes }: DecodedBatch,
  order: RowOrder,
  tools: NameTools,
): { dictionary: TextRanges; indexes: Indexes } | null {
  if (names.texts.size > tools.placeOf.length) tools.placeOf = new Int32Array(names.texts.size * 2)
  const { placeOf } = tools
  placeOf.fill(0, 0, names.texts.size)
  const indexes = new Int32Array(order.length)
  const starts: number[] = []
  const ends: number[] = []
  for (let i = 0; i < order.length; i++) {
    const row = order.rows[i] as number
    const text = operation[row] as number
    let place = placeOf[text] as number
    if ((nameEnd[row] as number) - (nameStart[row] as number) > MAX_TEXT_BYTES) return null
    if (place === 0) {
      place = starts.push(nameStart[row] as number)
      ends.push(nameEnd[row] as number)
      placeOf[text] = place
    }
    indexes[i] = place - 1
  }
  return {
    dictionary: {
      bytes,
      starts: Int32Array.from(starts, (start) => Math.max(0, start)),
      ends: Int32Array.from(ends, (end) => Math.max(0, end)),
      length: starts.length,
    },
    indexes,
  }
}

function indexesByBytes(batch: DecodedBatch, order: RowOrder, names: TextDictionary): { dictionary: TextRanges; indexes: Indexes } {
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
  inPieces(positions.length, pickRows, { values, positions, picked })
  return picked
}

function pickRows(columns: { values: Float64Array; positions: Int32Array; picked: Float64Array }, from: number, to: number): void {
  const { values, positions, picked } = columns
  for (let i = from; i < to; i++) picked[i] = values[positions[i] as number] as number
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
