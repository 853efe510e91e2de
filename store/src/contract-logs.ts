import type { Search } from '@skein/schemas/filter/tree'
import type { SeverityClass } from '@skein/schemas/severity'
import type { StoredValue, TenantWindow } from './contract-terms.ts'

/**
 * Questions on log lines. A search is the tree of the search language (`@skein/schemas/filter/tree`), null = every line; it means the same here as
 * `compileSearch` of the schemas does in memory: a field of the line is meant before an attribute of it, that before one of its resource.
 *
 * What table `logs` must have for them: (`ts`, `seq`) unique and the same after a replay; `seq` = partition (8 bits) · offset (36) · place in the
 * envelope (20), so that it grows with the order of the log in each partition; `received` (DateTime64(3), with a minmax index), the log time of
 * the partition at its envelope, so that it never falls in a partition and is at most the `received` of its range; a text index with
 * tokenizer `asciiCJK` over `translate(lower(body), '_.:''', '    ')` (docs/adr/019-logs.md).
 */
export interface LogQuestions {
  /** In the order of (time, seq), newest or oldest first; after a position only what lies behind it. */
  search(search: LogSearch): Promise<LogRow[]>
  /** Steps that have lines, in order. Steps are whole in Unix time; those at the ends hold only what is in the window. */
  histogram(question: LogQuestion, stepMs: number): Promise<{ timeMs: number; severity: SeverityClass; lines: number }[]>
  /** Values of fields with how many lines have them, the most frequent first. Of more than `most` lines a part is counted: `counted` < `total`, and `total` is about right. */
  facets(question: LogQuestion, options: { fields: readonly string[]; values: number; most: number }): Promise<LogFacets>
  /** Names of attributes of the newest `lines` lines that are found. */
  fields(question: LogQuestion, lines: number): Promise<{ lines: number; fields: { field: string; kind: 'attribute' | 'resource'; lines: number }[] }>
  /** A line by its id; undefined when there is none. */
  line(tenant: string, id: string): Promise<LogRow | undefined>
  /** Lines before and after a line, of the same file of the same resource, or of the resource when it is of no file; oldest first. */
  around(tenant: string, line: LogRow, counts: { before: number; after: number }): Promise<{ before: LogRow[]; after: LogRow[] }>
  /** Up to where lines were inserted, of what was received since a time (log time, Unix ms). */
  newestPosition(tenant: string, sinceMs: number): Promise<TailPosition>
  /** Lines that were inserted behind a position, in no order, whatever their times, each exactly once over following positions; at most `limit` are read of each step. */
  tail(tenant: string, from: TailPosition, options: { search: Search | null; limit: number }): Promise<TailStep>
  /** How many lines are in a window, whatever they say. */
  count(window: TenantWindow): Promise<number>
}

export interface LogQuestion extends TenantWindow {
  search: Search | null
}

export interface LogSearch extends LogQuestion {
  order: 'desc' | 'asc'
  limit: number
  /** `id` of the last line of the page before. */
  after?: string
}

export interface LogRow {
  /** `logLineId` of its time and seq. */
  id: string
  /** Decimal. */
  timeNs: string
  severity: number
  severityText: string
  service: string
  scope: string
  /** Fingerprint, 16 hex digits. */
  resource: string
  /** 32, 16 and 16 hex digits; '' = none. */
  traceId: string
  spanId: string
  pattern: string
  body: string
  /** `BodyKind`. */
  bodyKind: number
  attributes: readonly (readonly [key: string, value: StoredValue])[]
}

export interface LogFacets {
  counted: number
  total: number
  facets: { field: string; values: { value: string; lines: number }[] }[]
}

/** Where a tail stands. */
export interface TailPosition {
  /** Nothing that was received before is looked at in partitions that are not named. */
  sinceMs: number
  /** Partition → the last offset whose lines were inserted, and the log time there (Unix ms). */
  partitions: ReadonlyMap<number, { offset: number; receivedMs: number }>
}

export interface TailStep {
  rows: LogRow[]
  /** Lines that the search found beyond `limit` and are not in `rows`. */
  left: number
  /** Lines that were inserted behind the position, found or not. */
  seen: number
  position: TailPosition
  /** Log time of the oldest of `rows`, null when there are none. */
  oldestMs: number | null
}
