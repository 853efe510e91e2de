/**
 * The small things that must never be half written: keys, later users, rules, scenarios, dashboards.
 *
 * Laws, each a test of the suite (`conformance.ts`):
 * 1. `transact` applies all changes or none, and is durable when it resolves. Every change names the revision it expects
 *    (null: the key must not exist); the first that does not match is the `conflict` and nothing is written.
 * 2. Revisions grow with every transaction of the store, whichever process made it; all entries of one transaction share one.
 * 3. `get` and `list` show every transaction that resolved before they were called; `list` is ordered by key.
 * 4. `watch(revision)` yields each later change in order, from any process, within 2 s; a change made while nobody
 *    watched is not lost. When the history no longer reaches back, it throws `HistoryLostError`: list, then watch again.
 * 5. A store that cannot be written throws `ReadOnlyError` from `transact` and keeps the other laws.
 * Values are JSON and belong to the receiver. Empty changes resolve and write nothing.
 */
export interface MetadataStore {
  get(key: string): Promise<MetadataEntry | null>
  list(prefix: string): Promise<MetadataEntry[]>
  transact(changes: readonly MetadataChange[]): Promise<TransactResult>
  /** Ends when `signal` aborts or the store closes. */
  watch(revision: number, signal: AbortSignal): AsyncIterable<MetadataEvent>
  close(): Promise<void>
}

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

export interface MetadataEntry {
  key: string
  value: Json
  revision: number
}

export interface MetadataChange {
  /** `kind/id`, at most 512 bytes. */
  key: string
  /** Revision of the entry that is replaced; null when there must be none. */
  expect: number | null
  /** null deletes. */
  value: Json
}

export type TransactResult = { ok: true; revision: number } | { ok: false; conflict: string }

export interface MetadataEvent {
  key: string
  /** null when it was deleted. */
  value: Json
  revision: number
}

export class ReadOnlyError extends Error {
  override readonly name = 'ReadOnlyError'
}

export class HistoryLostError extends Error {
  override readonly name = 'HistoryLostError'
}

export const MAX_KEY_BYTES = 512
