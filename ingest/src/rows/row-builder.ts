import type { TableName } from '@skein/store/tables'
import type { DecodedBatch } from '../decode/batch-arrays.ts'
import { writeLinkBlock } from './link-rows.ts'
import { createResourceRows } from './resource-rows.ts'
import { createRowSorter, type RowOrder } from './row-order.ts'
import { createSpanBlockWriter } from './span-block.ts'
import { writeTraceBlocks } from './trace-blocks.ts'

export interface BuiltBlock {
  table: TableName
  block: Uint8Array
  rows: number
  /** Unix day numbers of the rows. */
  days: number[]
}

export interface RowBuilder {
  /** Blocks of the rows of a batch: no marked copies, no row whose `repeat` is 1. None for no rows. Their memory is used again by the next call. */
  build(batch: DecodedBatch, repeat: Uint8Array): BuiltBlock[]
}

const REMEMBERED_RESOURCES = 100_000
const SECONDS_PER_DAY = 86_400

/** Columns of a batch → blocks of tables spans, span_links, traces, trace_services and resources. */
export function createRowBuilder(): RowBuilder {
  const sorter = createRowSorter()
  const spans = createSpanBlockWriter()
  const resources = createResourceRows(REMEMBERED_RESOURCES)
  return {
    build(batch, repeat) {
      const order = sorter.sort(batch, repeat)
      if (order.length === 0) return []
      const days = daysOf(order)
      const traces = writeTraceBlocks(batch, order)
      const fresh = resources.take(batch, order)
      const links = writeLinkBlock(batch, order)
      return [
        ...(fresh === null ? [] : [{ table: 'resources' as const, ...fresh }]),
        { table: 'traces', block: traces.traces, rows: order.runs, days },
        { table: 'trace_services', ...traces.traceServices, days },
        { table: 'spans', block: spans.write(batch, order), rows: order.length, days },
        ...(links === null ? [] : [{ table: 'span_links' as const, ...links }]),
      ]
    },
  }
}

function daysOf(order: RowOrder): number[] {
  const days = new Set<number>()
  for (let run = 0; run < order.runs; run++) days.add(Math.floor((order.bucket[order.runStart[run] as number] as number) / SECONDS_PER_DAY))
  return [...days].sort((a, b) => a - b)
}
