import type { CompiledQuery } from './sql/select.ts'
import type { TableName } from './tables.ts'

/**
 * What a driver is: a way to run statements. Everything the store knows (questions, exactly-once, migrations) stands above it.
 * Errors are those of contract.ts.
 */
export interface Engine {
  /** No other process inserts. */
  readonly exclusive: boolean
  /** Rows of a question, inside the limits of the reader it ran on. */
  ask<Row>(query: CompiledQuery<Row>): Promise<Row[]>
  /** The same answer as bytes in Native format, for what is too much to be made into objects. */
  askNative(query: CompiledQuery): Promise<Uint8Array>
  /** Rows of a constant statement about the engine itself (versions, schema). */
  inspect(statement: string): Promise<unknown[][]>
  /** Runs a constant statement that changes the schema. */
  change(statement: string): Promise<void>
  /** One statement, one block, durable when resolved. */
  insert(share: InsertShare): Promise<void>
  /** Rejects with `StoreDamagedError` when the engine must be opened anew, at once. */
  readonly failed: Promise<never>
  /** Ends running questions, then lets go of everything. */
  close(): Promise<void>
}

export interface InsertShare {
  table: TableName
  blocks: readonly Uint8Array[]
  token: string
  /** Unix days of its rows. */
  days: readonly number[]
  /** Unix days to insert, when the others are there already. */
  onlyDays?: readonly number[]
}

export interface QueryLimits {
  /** Longest run of a question. */
  seconds: number
  memoryBytes: number
  rowsRead: number
  resultRows: number
  /** Questions that may wait for a reader. */
  queued: number
}

export interface Retention {
  spansDays: number
  rollupDays: number
  /** As long as spans unless given. */
  logsDays?: number
}

/** What both drivers are opened with. */
export interface StoreOptions {
  retention: Retention
  limits: QueryLimits
  /** Questions that run at the same time, and inserts. */
  readers: number
  writers: number
  /** Creates and upgrades the schema; without it a schema that is not this version's is an error. */
  migrate: boolean
}

/** A statement with its values: some lists of thousands of resources. */
const QUERY_BYTES = 4 * 2 ** 20

/**
 * Settings of a reader. Questions name columns, so a name means the column before it means what a question calls it. Newest-first
 * questions look at windows, so reading in order would only cost. While the engine narrows rows by the best it has so far, it does not ask the index
 * of words but cuts words its own way, and does not find all. Nothing is compiled: that took 50 to 70 ms of the fourth question of a
 * kind, and made later ones no cheaper.
 */
export function readerSettings(limits: QueryLimits): Readonly<Record<string, number | string>> {
  return {
    max_execution_time: limits.seconds,
    max_memory_usage: limits.memoryBytes,
    max_rows_to_read: limits.rowsRead,
    max_result_rows: limits.resultRows,
    result_overflow_mode: 'throw',
    max_threads: 2,
    compile_expressions: 0,
    compile_aggregate_expressions: 0,
    output_format_json_quote_64bit_integers: 0,
    optimize_read_in_order: 0,
    prefer_column_name_to_alias: 1,
    use_top_k_dynamic_filtering: 0,
    max_query_size: QUERY_BYTES,
  }
}

/**
 * Settings of an insert: one thread and one block, so that a day's rows and their marker are one part. Rows of one key are added up by
 * merges and readers alone: to look for them in each insert took as long as all the rest of it. The indexes of pieces of words are left to merges
 * for the same reason.
 */
export const WRITER_SETTINGS: Readonly<Record<string, number | string>> = {
  max_threads: 1,
  max_insert_threads: 1,
  min_insert_block_size_rows: 1_000_000_000,
  min_insert_block_size_bytes: 0,
  optimize_on_insert: 0,
  exclude_materialize_skip_indexes_on_insert: 'ig, ip4',
  output_format_json_quote_64bit_integers: 0,
}
