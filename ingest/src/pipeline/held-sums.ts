import type { TableName } from '@skein/store/tables'
import type { BuiltBlock } from '../rows/row-builder.ts'
import type { RangeResult } from './range-job.ts'

/**
 * Tables whose rows may come some seconds after the others. An insert costs 10 to 40 ms whatever it holds, so what several ranges bring to
 * them is inserted as one, by the last of these ranges. Where workers hold sums (`RangeJob.holdsSums`), theirs are added up meanwhile.
 */
const HELD_TABLES: ReadonlySet<TableName> = new Set(['instances', 'notes', 'exemplars', 'edge_instances', 'edge_viewers', 'path_time'])
/** When there is more, the next range brings it. */
const MAX_BYTES = 32 * 1024 * 1024

/** Rows of ranges whose own inserts left them out. They are made again from the log when the process dies: see `owed` in `plan.ts`. */
export interface HeldSums {
  blocks: BuiltBlock[]
  bytes: number
  /** Of sums that workers hold. */
  workerBytes: number
  /** Whose rows they are, and whose may be under way. */
  partitions: Set<number>
  /** When sums were last inserted, by the clock of the lane. */
  carriedAtMs: number
}

export function createHeldSums(): HeldSums {
  return { ...NOTHING_HELD, partitions: new Set(), carriedAtMs: Number.NEGATIVE_INFINITY }
}

const NOTHING_HELD = { blocks: [], bytes: 0, workerBytes: 0 } satisfies Partial<HeldSums>

export function holdSums(held: HeldSums, { blocks, heldBytes }: Pick<RangeResult, 'blocks' | 'heldBytes'>, partitions: Iterable<number>): void {
  for (const partition of partitions) held.partitions.add(partition)
  held.blocks = [...held.blocks, ...blocks.filter(({ table, rows }) => HELD_TABLES.has(table) && rows > 0)]
  held.bytes = held.blocks.reduce((sum, { block }) => sum + block.length, 0)
  held.workerBytes = Math.max(held.workerBytes, heldBytes)
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
 * Whether a range is to bring all sums that are held, its own included; asked before it is processed. Only a range with records of every
 * partition that is owed some can bring them: the commits of others would not tell. Heartbeats bring all of them within two seconds, in
 * the calm after twelve seconds without data within six, unless they are too many for one range.
 */
export function bringsSums(held: HeldSums, range: RangeSums): boolean {
  const { bytes, workerBytes, carriedAtMs } = held
  const due = bytes + workerBytes > MAX_BYTES || range.nowMs - carriedAtMs >= range.sumsMs || !range.mayHold
  return range.planned ?? (due && hasAll(held, range.partitions))
}

/**
 * A range, processed, with all sums that are held or with none. Where there are none at all, nothing is owed and it counts as one that
 * brought them; where a partition began meanwhile to make again what it is owed, what workers brought is held here.
 */
export function withSums(held: HeldSums, result: RangeResult, range: RangeSums & { brings: boolean }): { sums: boolean; result: RangeResult } {
  holdSums(held, result, range.partitions)
  const others = result.blocks.filter(({ table }) => !HELD_TABLES.has(table))
  const brings = range.brings || (held.blocks.length === 0 && held.workerBytes === 0)
  if (!(range.planned ?? (brings && hasAll(held, range.partitions)))) return { sums: false, result: { ...result, blocks: others } }
  const blocks = [...others, ...held.blocks]
  if (held.blocks.length > 0) held.carriedAtMs = range.nowMs
  Object.assign(held, { ...NOTHING_HELD, partitions: new Set<number>() })
  return { sums: true, result: { ...result, blocks } }
}

function hasAll(held: HeldSums, partitions: readonly number[]): boolean {
  return [...held.partitions].every((partition) => partitions.includes(partition))
}
