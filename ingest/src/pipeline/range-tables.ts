import { createNativeBlock } from '@skein/store/native/block'
import { INSERT_ORDER, TABLES } from '@skein/store/tables'
import type { TableBlock } from '@skein/store/contract'
import type { SIGNALS } from '@skein/schemas/outcomes'
import { Topic } from '@skein/schemas/topics'
import { dictionaryOf } from '../rows/dictionary.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'
import { BATCH_ID_BYTES } from './batch-ids.ts'
import { type Range, rangeName } from './plan.ts'
import type { Drop, LogFiles, RangeResult } from './range-job.ts'

const MS_PER_DAY = 86_400_000

/** What comes last and tells of the rest: counted drops, and the range's own row a partition and tenant. */
export function closingTables(range: Range, result: Pick<RangeResult, 'drops' | 'shares' | 'logTimes'>): TableBlock[] {
  return byTable([...outcomeBlock(result.drops.map((drop) => ({ ...drop, signal: signalOf(range.topic) }))), ...rangeBlock(range, result)])
}

/** Blocks of one table are inserted as one. */
export function byTable(built: readonly BuiltBlock[]): TableBlock[] {
  return INSERT_ORDER.flatMap((table) => {
    const blocks = built.filter((each) => each.table === table && each.rows > 0)
    if (blocks.length === 0) return []
    return [
      {
        table,
        blocks: blocks.map(({ block }) => block),
        rows: blocks.reduce((sum, { rows }) => sum + rows, 0),
        days: [...new Set(blocks.flatMap(({ days }) => days))].sort((a, b) => a - b),
      },
    ]
  })
}

export interface OutcomeRow extends Omit<Drop, 'kind' | 'reason'> {
  signal: (typeof SIGNALS)[number]
  kind: string
  reason: string
}

function signalOf(topic: string): OutcomeRow['signal'] {
  return topic === Topic.logs ? 'logs' : 'traces'
}

/** Nothing for no rows. */
export function outcomeBlock(rows: readonly OutcomeRow[]): BuiltBlock[] {
  if (rows.length === 0) return []
  const block = createNativeBlock(TABLES.outcomes.columns, rows.length)
  const text = (column: string, values: readonly string[]): void => {
    const { dictionary, indexes } = dictionaryOf(values)
    block.lowCardinality(column, dictionary, indexes)
  }
  const numbers = (column: string, values: readonly number[]): void => block.integers(column, values)
  text(
    'tenant',
    rows.map(({ tenant }) => tenant),
  )
  block.fixed(
    'minute',
    Uint32Array.from(rows, ({ minuteMs }) => minuteMs / 1000),
  )
  text(
    'signal',
    rows.map(({ signal }) => signal),
  )
  text(
    'key_id',
    rows.map(({ keyId }) => keyId),
  )
  text(
    'kind',
    rows.map(({ kind }) => kind),
  )
  text(
    'reason',
    rows.map(({ reason }) => reason),
  )
  numbers(
    'requests',
    rows.map(({ requests }) => requests),
  )
  numbers(
    'records',
    rows.map(({ records }) => records),
  )
  numbers(
    'bytes',
    rows.map(({ bytes }) => bytes),
  )
  return [{ table: 'outcomes', block: block.finish(), rows: rows.length, days: daysOf(rows.map(({ minuteMs }) => minuteMs)) }]
}

function daysOf(timesMs: readonly number[]): number[] {
  return [...new Set(timesMs.map((timeMs) => Math.floor(timeMs / MS_PER_DAY)))]
}

/** A row of table `ranges` a partition and tenant; `received` is the partition's log time at its end. */
function rangeBlock(range: Range, { shares: all, logTimes }: Pick<RangeResult, 'shares' | 'logTimes'>): BuiltBlock[] {
  const shares = all.filter(tellsSomething)
  if (shares.length === 0) return []
  const block = createNativeBlock(TABLES.ranges.columns, shares.length)
  const name = rangeName(range)
  const received = shares.map(({ partition }) => logTimes.find((each) => each.partition === partition)?.logTimeMs ?? 0)
  const offsets = (end: 'first' | 'last'): number[] => shares.map(({ partition }) => range.shares.find((share) => share.partition === partition)?.[end] ?? 0)
  const numbers = (column: 'records' | 'visible' | 'repeats' | 'dead' | 'bytes' | 'newestNs'): number[] => shares.map((share) => share[column])
  const tenants = [...new Set(shares.map(({ tenant }) => tenant))]
  block.lowCardinality(
    'tenant',
    tenants,
    Int32Array.from(shares, ({ tenant }) => tenants.indexOf(tenant)),
  )
  block.integers('received', received)
  block.texts(
    'range',
    shares.map(() => name),
  )
  block.lowCardinality('topic', [range.topic], new Uint8Array(shares.length))
  block.fixed(
    'partition',
    Uint16Array.from(shares, ({ partition }) => partition),
  )
  block.integers('first', offsets('first'))
  block.integers('last', offsets('last'))
  for (const column of ['records', 'visible', 'repeats', 'dead', 'bytes'] as const) block.integers(column, numbers(column))
  block.integers('newest_ns', numbers('newestNs'))
  let end = 0
  const ends = Uint32Array.from(shares, ({ batchIds }) => (end += batchIds.length / BATCH_ID_BYTES))
  block.fixedArrays('batch_ids', ends, Buffer.concat(shares.map(({ batchIds }) => batchIds)))
  let files = 0
  const fileEnds = Uint32Array.from(shares, ({ logFiles = NO_FILES }) => (files += logFiles.files.length))
  block.fixedArrays('log_files', fileEnds, joined(shares.map(({ logFiles = NO_FILES }) => logFiles.files)))
  block.fixedArrays('log_offsets', fileEnds, joined(shares.map(({ logFiles = NO_FILES }) => logFiles.offsets)))
  return [{ table: 'ranges', block: block.finish(), rows: shares.length, days: daysOf(received) }]
}

const NO_FILES: LogFiles = { files: new BigUint64Array(0), offsets: new BigUint64Array(0) }

function joined(parts: readonly BigUint64Array[]): Buffer {
  return Buffer.concat(parts.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)))
}

/** Heartbeats leave nothing to tell. */
function tellsSomething({ records, bytes, batchIds }: RangeResult['shares'][number]): boolean {
  return records > 0 || bytes > 0 || batchIds.length > 0
}
