import { createNativeBlock } from '@skein/store/native/block'
import { TABLES } from '@skein/store/tables'
import type { SpanBatch } from '../decode/span-batch.ts'
import { viewOf } from '../decode/byte-interner.ts'
import { textOfName } from '../facts/span-names.ts'
import { readLinkTarget } from '../topology/span-key.ts'
import { dictionaryOf } from './dictionary.ts'
import { lateColumn } from './late-columns.ts'
import type { RowOrder } from './row-order.ts'
import { gather } from './span-block.ts'

/** Struct of arrays, one entry a link: position of its span in the order, and six words of ids that it names. */
interface Found {
  places: number[]
  targets: number[]
}

/** The block of table `span_links` for the rows of an order, null when none of them has a link to another span. */
export function writeLinkBlock(batch: SpanBatch, order: RowOrder): { block: Uint8Array; rows: number; days: number[] } | null {
  const found = linksOf(batch, order)
  const rows = found.places.length
  if (rows === 0) return null
  const places = Int32Array.from(found.places)
  const positions = places.map((place) => order.rows[place] as number)
  const block = createNativeBlock(TABLES.span_links.columns, rows)
  const text = (column: string, of: (row: number) => string): void => {
    const { dictionary, indexes } = dictionaryOf(Array.from(positions, of))
    block.lowCardinality(column, dictionary, indexes)
  }
  const view = viewOf(batch.bytes)
  block.lowCardinality(
    'tenant',
    order.tenants,
    places.map((place) => order.tenant[place] as number),
  )
  block.fixed('linked_trace', words(found, 0, 4))
  block.fixed('linked_span', words(found, 4, 2))
  const buckets = places.map((place) => order.bucket[place] as number)
  block.fixed('bucket', buckets)
  block.fixed(
    'ts',
    Uint32Array.from({ length: rows * 2 }, (_, at) => batch.start[(positions[at >> 1] as number) * 2 + (at & 1)] as number),
  )
  block.fixed('trace_id', gather(view, batch.traceId, positions, 16))
  block.fixed('span_id', gather(view, batch.spanId, positions, 8))
  text('name', (row) => textOfName(batch.names, batch.operation[row] as number))
  text('service', (row) => batch.resources[batch.resource[row] as number]?.service ?? '')
  block.fixed('late', lateColumn(batch, positions))
  const days = [...new Set(Array.from(buckets, (bucket) => Math.floor(bucket / SECONDS_PER_DAY)))].sort((a, b) => a - b)
  return { block: block.finish(), rows, days }
}

function linksOf(batch: SpanBatch, order: RowOrder): Found {
  const found: Found = { places: [], targets: [] }
  for (let place = 0; place < order.length; place++) {
    const row = order.rows[place] as number
    if (batch.linkTo[row]! > batch.linkFrom[row]!) addLinks(found, batch, row, place)
  }
  return found
}

/** A span's links, each target once. */
function addLinks(found: Found, batch: SpanBatch, row: number, place: number): void {
  const first = found.places.length
  const key = { trace0: 0, trace1: 0, trace2: 0, trace3: 0, id0: 0, id1: 0, tenant: 0 }
  for (let link = batch.linkFrom[row]!; link < batch.linkTo[row]!; link++) {
    if (!readLinkTarget(key, batch.bytes, batch.links[link * 2]!, batch.links[link * 2 + 1]!)) continue
    const target = [key.trace0, key.trace1, key.trace2, key.trace3, key.id0, key.id1]
    if (isKnown(found, first, target)) continue
    found.places.push(place)
    found.targets.push(...target)
  }
}

const WORDS = 6
const SECONDS_PER_DAY = 86_400

function isKnown({ places, targets }: Found, first: number, target: readonly number[]): boolean {
  for (let at = first; at < places.length; at++) if (target.every((word, i) => targets[at * WORDS + i] === word)) return true
  return false
}

function words({ places, targets }: Found, from: number, count: number): Int32Array {
  return Int32Array.from({ length: places.length * count }, (_, at) => targets[Math.floor(at / count) * WORDS + from + (at % count)]!)
}
