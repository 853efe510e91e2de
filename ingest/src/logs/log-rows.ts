import { createResourceRows } from '../rows/resource-rows.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'
import type { LogBatch } from './log-batch.ts'
import { createLogBlockWriter } from './log-block.ts'
import { createLogMinutes } from './log-minutes.ts'
import { createLogSorter, type LogOrder } from './log-order.ts'

export interface LogRowBuilder {
  /** Blocks of the rows whose fate is `kept`; none for no rows. Their memory is used again by the next call. */
  build(batch: LogBatch): BuiltBlock[]
}

const REMEMBERED_RESOURCES = 100_000
const SECONDS_PER_DAY = 86_400

/** Columns of a batch → blocks of tables log_minutes, resources and logs. */
export function createLogRowBuilder(): LogRowBuilder {
  const sorter = createLogSorter()
  const lines = createLogBlockWriter()
  const minutes = createLogMinutes()
  const resources = createResourceRows(REMEMBERED_RESOURCES)
  return {
    build(batch) {
      const order = sorter.sort(batch)
      if (order.length === 0) return []
      const days = daysOf(order)
      const fresh = resources.take(batch, order)
      return [
        { table: 'log_minutes', ...minutes.write(batch, order), days },
        ...(fresh === null ? [] : [{ table: 'resources' as const, ...fresh }]),
        { table: 'logs', block: lines.write(batch, order), rows: order.length, days },
      ]
    },
  }
}

/** Rows of one bucket lie side by side. */
function daysOf({ bucket, length }: LogOrder): number[] {
  const days = new Set<number>()
  for (let at = 0; at < length; at++) if (at === 0 || bucket[at] !== bucket[at - 1]) days.add(Math.floor((bucket[at] as number) / SECONDS_PER_DAY))
  return [...days].sort((a, b) => a - b)
}
