import type { TextRanges } from '@skein/store/native/block'
import type { AttributeRows } from '../decode/attribute-rows.ts'
import { ATTRIBUTE_NUMBERS } from '../decode/batch-arrays.ts'
import { hashBytes, sameBytes, viewOf } from '../decode/byte-interner.ts'
import { growInt32 } from '../decode/growth.ts'
import { inPieces } from '../decode/pieces.ts'
import { createByteOutput, type ByteOutput } from './byte-output.ts'
import { writePair, writeSeparator } from './pair-text.ts'
import type { RowPlaces } from './row-order.ts'

/** A key with more distinct values than this in a block goes to `rest`: a dictionary would not pay. */
export const MAX_ITEM_VALUES = 1000

/** Columns `items` and `rest` of a block. Valid until the next call. */
export interface AttributeColumns {
  items: { offsets: Int32Array; dictionary: TextRanges; indexes: Int32Array }
  rest: TextRanges
}

export interface AttributePairs {
  build(batch: AttributeRows, order: RowPlaces): AttributeColumns
}

/** The distinct pairs of a block, by number. `table` holds number + 1, 0 = free. */
interface Pairs {
  count: number
  hash: Int32Array
  /** First attribute with this pair. */
  attribute: Int32Array
  /** Its number in the dictionary, −1 when its key goes to `rest`. */
  index: Int32Array
  table: Int32Array
}

interface Work {
  pairs: Pairs
  /** Attribute → number of its pair, −1 = not counted. */
  pairOf: Int32Array
  /** Key → distinct values. */
  values: Int32Array
  /** Key → its pair seen last, −1 for none: the next span often has the same. */
  lastPair: Int32Array
  text: ByteOutput
  textStart: Int32Array
  textEnd: Int32Array
  rest: ByteOutput
  restStart: Int32Array
  restEnd: Int32Array
  offsets: Int32Array
  indexes: Int32Array
}

/** A block under way. */
interface Context {
  work: Work
  batch: AttributeRows
  order: RowPlaces
  view: DataView
  /** Entries of `work.indexes` so far. */
  items: number
}

export function createAttributePairs(): AttributePairs {
  const none = (): Int32Array => new Int32Array(0)
  const pairs: Pairs = { count: 0, hash: none(), attribute: none(), index: none(), table: new Int32Array(4096) }
  const work: Work = {
    pairs,
    pairOf: none(),
    values: none(),
    lastPair: none(),
    text: createByteOutput(1 << 16),
    textStart: none(),
    textEnd: none(),
    rest: createByteOutput(1 << 16),
    restStart: none(),
    restEnd: none(),
    offsets: none(),
    indexes: none(),
  }
  return {
    build(batch, order) {
      const view = viewOf(batch.bytes)
      reset(work, batch, order)
      const context: Context = { work, batch, order, view, items: 0 }
      inPieces(order.length, countPairs, context)
      const dictionary = writeDictionary(work, batch)
      inPieces(order.length, writeRest, context)
      inPieces(order.length, writeItems, context)
      const [offsets, indexes] = [work.offsets.subarray(0, order.length), work.indexes.subarray(0, context.items)]
      return { items: { offsets, dictionary, indexes }, rest: restOf(work, order.length) }
    },
  }
}

function reset(work: Work, batch: AttributeRows, order: RowPlaces): void {
  if (batch.attributeCount > work.pairOf.length) {
    work.pairOf = growInt32(work.pairOf, batch.attributeCount)
    work.indexes = new Int32Array(work.pairOf.length)
  }
  if (order.length > work.offsets.length) {
    work.offsets = growInt32(work.offsets, order.length)
    work.restStart = new Int32Array(work.offsets.length)
    work.restEnd = new Int32Array(work.offsets.length)
  }
  if (batch.keyCount > work.values.length) {
    work.values = growInt32(work.values, batch.keyCount)
    work.lastPair = new Int32Array(work.values.length)
  }
  work.values.fill(0)
  work.lastPair.fill(-1)
  work.pairs.count = 0
  work.pairs.table.fill(0)
  work.text.length = 0
  work.rest.length = 0
}

function countPairs({ work, batch, order, view }: Context, from: number, end: number): void {
  const { pairOf, values, lastPair, pairs } = work
  const { attributes, attributeKey, bytes } = batch
  for (let i = from; i < end; i++) {
    const row = order.logRows[i] as number
    const to = batch.attributeTo[row] as number
    for (let attribute = batch.attributeFrom[row] as number; attribute < to; attribute++) {
      const key = attributeKey[attribute] as number
      if ((values[key] as number) > MAX_ITEM_VALUES) {
        pairOf[attribute] = -1
        continue
      }
      const guess = lastPair[key] as number
      if (guess >= 0 && samePair(batch, view, pairs.attribute[guess] as number, attribute)) {
        pairOf[attribute] = guess
        continue
      }
      const at = attribute * ATTRIBUTE_NUMBERS
      const hash = Math.imul(hashBytes(bytes, view, attributes[at + 3] as number, attributes[at + 4] as number) ^ key, 0x9e3779b1)
      const pair = findPair(pairs, { batch, view, values }, { attribute, hash: hash ^ (hash >>> 15) })
      pairOf[attribute] = pair
      lastPair[key] = pair
    }
  }
}

/** The number of the attribute's pair; −1 when it is new and its key has too many. */
function findPair(pairs: Pairs, context: { batch: AttributeRows; view: DataView; values: Int32Array }, wanted: { attribute: number; hash: number }): number {
  const { batch, view, values } = context
  const { attribute, hash } = wanted
  const mask = pairs.table.length - 1
  let slot = hash & mask
  for (let pair = pairs.table[slot] as number; pair !== 0; slot = (slot + 1) & mask, pair = pairs.table[slot] as number) {
    if (pairs.hash[pair - 1] === hash && samePair(batch, view, pairs.attribute[pair - 1] as number, attribute)) return pair - 1
  }
  const key = batch.attributeKey[attribute] as number
  values[key] = (values[key] as number) + 1
  if ((values[key] as number) > MAX_ITEM_VALUES) return -1
  const number = pairs.count++
  if (number >= pairs.hash.length) {
    pairs.hash = growInt32(pairs.hash, Math.max(1024, number + 1))
    pairs.attribute = growInt32(pairs.attribute, Math.max(1024, number + 1))
    pairs.index = growInt32(pairs.index, Math.max(1024, number + 1))
  }
  pairs.hash[number] = hash
  pairs.attribute[number] = attribute
  if (pairs.count * 2 > pairs.table.length) rehash(pairs)
  else pairs.table[slot] = number + 1
  return number
}

function samePair(batch: AttributeRows, view: DataView, a: number, b: number): boolean {
  if (batch.attributeKey[a] !== batch.attributeKey[b]) return false
  const { attributes } = batch
  const left = a * ATTRIBUTE_NUMBERS
  const right = b * ATTRIBUTE_NUMBERS
  const start = attributes[right + 3] as number
  const length = (attributes[right + 4] as number) - start
  if (attributes[left + 2] !== attributes[right + 2] || (attributes[left + 4] as number) - (attributes[left + 3] as number) !== length) return false
  return sameBytes(view, attributes[left + 3] as number, view, { start, length })
}

function rehash(pairs: Pairs): void {
  pairs.table = new Int32Array(pairs.table.length * 2)
  const mask = pairs.table.length - 1
  for (let pair = 0; pair < pairs.count; pair++) {
    let slot = (pairs.hash[pair] as number) & mask
    while (pairs.table[slot] !== 0) slot = (slot + 1) & mask
    pairs.table[slot] = pair + 1
  }
}

/** The texts of all pairs whose key has few values. */
function writeDictionary(work: Work, batch: AttributeRows): TextRanges {
  const { pairs, values, text } = work
  if (pairs.count > work.textStart.length) {
    work.textStart = growInt32(work.textStart, pairs.count)
    work.textEnd = new Int32Array(work.textStart.length)
  }
  let length = 0
  for (let pair = 0; pair < pairs.count; pair++) {
    const attribute = pairs.attribute[pair] as number
    if ((values[batch.attributeKey[attribute] as number] as number) > MAX_ITEM_VALUES) {
      pairs.index[pair] = -1
      continue
    }
    work.textStart[length] = text.length
    writePair(text, batch, attribute)
    work.textEnd[length] = text.length
    pairs.index[pair] = length++
  }
  return { bytes: text.bytes, starts: work.textStart, ends: work.textEnd, length }
}

/** The texts lie in log order, in which their attributes are read fastest; where each begins and ends is kept by position. */
function writeRest({ work, batch, order }: Context, from: number, end: number): void {
  const { pairs, pairOf, rest } = work
  for (let i = from; i < end; i++) {
    const row = order.logRows[i] as number
    const place = order.placeOf[row] as number
    const to = batch.attributeTo[row] as number
    const start = rest.length
    for (let attribute = batch.attributeFrom[row] as number; attribute < to; attribute++) {
      const pair = pairOf[attribute] as number
      if (pair >= 0 && (pairs.index[pair] as number) >= 0) continue
      if (rest.length === start) writeSeparator(rest)
      writePair(rest, batch, attribute)
      writeSeparator(rest)
    }
    work.restStart[place] = start
    work.restEnd[place] = rest.length
  }
}

/** The numbers of the pairs of each row, in sorted order. */
function writeItems(context: Context, from: number, end: number): void {
  const { work, batch, order } = context
  const { pairs, pairOf, indexes, offsets } = work
  let count = context.items
  for (let i = from; i < end; i++) {
    const row = order.rows[i] as number
    const to = batch.attributeTo[row] as number
    for (let attribute = batch.attributeFrom[row] as number; attribute < to; attribute++) {
      const pair = pairOf[attribute] as number
      const index = pair < 0 ? -1 : (pairs.index[pair] as number)
      if (index >= 0) indexes[count++] = index
    }
    offsets[i] = count
  }
  context.items = count
}

function restOf(work: Work, length: number): TextRanges {
  return { bytes: work.rest.bytes, starts: work.restStart, ends: work.restEnd, length }
}
