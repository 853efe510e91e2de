import type { TableName } from '@skein/store/tables'
import type { BuiltBlock } from '../rows/row-builder.ts'
import type { RangeResult } from './range-job.ts'

/**
 * Tables whose rows may come some seconds after the others. An insert costs 10 to 40 ms whatever it holds, so what several ranges bring to
 * them is inserted as one, by the last of these ranges.
 */
const HELD_TABLES: ReadonlySet<TableName> = new Set(['instances', 'notes', 'exemplars', 'edge_instances', 'edge_viewers', 'path_time'])
/** More is not held. */
const MAX_BYTES = 32 * 1024 * 1024

/** Rows of ranges whose own inserts left them out. They are made again from the log when the process dies: see `owed` in `plan.ts`. */
export interface HeldSums {
  blocks: BuiltBlock[]
  bytes: number
  /** Whose rows they are. */
  partitions: Set<number>
  /** When sums were last inserted, by the clock of the lane. */
  carriedAtMs: number
}

export function createHeldSums(): HeldSums {
  return { blocks: [], bytes: 0, partitions: new Set(), carriedAtMs: Number.NEGATIVE_INFINITY }
}

export function holdSums(held: HeldSums, blocks: readonly BuiltBlock[], partitions: Iterable<number>): void {
  for (const partition of partitions) held.partitions.add(partition)
  for (const block of blocks) {
    if (!HELD_TABLES.has(block.table) || block.rows === 0) continue
    held.blocks.push(block)
    held.bytes += block.block.length
  }
}

export interface RangeSums {
  /** Of the range. */
  partitions: readonly number[]
  /** Whether a predecessor planned that it brings held sums; null when it is not planned yet. */
  planned: boolean | null
  /** False while a range may leave partitions out for ever. */
  mayHold: boolean
  nowMs: number
  sumsMs: number
}

/**
 * A range with all sums that are held, its own included, or with none. Only a range with records of every partition that is owed some can
 * bring them: the commits of others would not tell. Heartbeats bring all of them within two seconds, in the calm after half a minute without data
 * within six, unless they are too many for one range.
 */
export function withSums(held: HeldSums, result: RangeResult, range: RangeSums): { sums: boolean; result: RangeResult } {
  holdSums(held, result.blocks, range.partitions)
  const others = result.blocks.filter(({ table }) => !HELD_TABLES.has(table))
  if (!(range.planned ?? bringsSums(held, range))) return { sums: false, result: { ...result, blocks: others } }
  const blocks = [...others, ...held.blocks]
  if (held.blocks.length > 0) held.carriedAtMs = range.nowMs
  Object.assign(held, { blocks: [], bytes: 0, partitions: new Set<number>() } satisfies Partial<HeldSums>)
  return { sums: true, result: { ...result, blocks } }
}

function bringsSums({ blocks, bytes, partitions, carriedAtMs }: HeldSums, range: RangeSums): boolean {
  const due = blocks.length === 0 || bytes > MAX_BYTES || range.nowMs - carriedAtMs >= range.sumsMs || !range.mayHold
  return due && [...partitions].every((partition) => range.partitions.includes(partition))
}
