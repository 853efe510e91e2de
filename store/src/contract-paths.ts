import type { Histogram } from '@skein/schemas/histogram'
import type { TenantWindow } from './contract-terms.ts'
import type { PathContributor, PathEntry, PathExemplar, PathSight, PathStep } from './path-text.ts'

/** Numbers of one thing on the path in one latency band (`pathBandEndNs`), over all its traces. */
interface PathNumbers {
  band: number
  traces: number
  count: number
  timeNs: number
  errors: number
  retries: number
  savingNs: number
  exemplar: PathExemplar | null
}

export type PathItemRow =
  | (PathNumbers & { what: 'part'; of: PathContributor })
  | (PathNumbers & { what: 'finding'; of: PathSight })
  | (PathNumbers & { what: 'shape'; of: PathStep[] })

/** Whole traces: how many, their time together, and how long each took. */
export interface PathTraces {
  traces: number
  timeNs: number
  duration: Histogram
}

export interface PathTimes {
  /** Most first, at most `MAX_PATH_ITEMS`. `band` is that of the whole trace (`pathBandEndNs`). */
  rows: readonly { contributor: PathContributor; band: number; traces: number; timeNs: number }[]
  /** False when there are more: what takes least is left out. */
  whole: boolean
}

/** Where names are without end, what takes least is left out: so many entries, rows of own time, findings and shapes each, and releases of an entry. */
export const MAX_PATH_ENTRIES = 5000
export const MAX_PATH_ITEMS = 15_000
export const MAX_PATH_RELEASES = 1000

/** Where the time of whole traces goes. A `release` is the `service.version` of the service where they start. */
export interface PathQuestions {
  /** Operations where traces start, those whose traces took most first, at most `MAX_PATH_ENTRIES`. */
  entries(window: TenantWindow): Promise<readonly ({ entry: PathEntry; errors: number } & Omit<PathTraces, 'duration'>)[]>
  /** Own time at a node of this name, or on an edge to or from it, by entry, most first, at most `MAX_PATH_ITEMS` rows. A contributor may only mention the name. */
  mentions(window: TenantWindow, name: string): Promise<readonly { entry: PathEntry; contributor: PathContributor; timeNs: number }[]>
  /** Own time of each contributor by latency band, over all entries together. */
  times(window: TenantWindow): Promise<PathTimes>
  /**
   * Whole traces of some entries by release, by entry and those that most traces have first, `named` releases before all. Of an entry with more than
   * `MAX_PATH_RELEASES` the rest is one row more, whose release is null.
   */
  traces(
    window: TenantWindow,
    entries: readonly PathEntry[],
    named?: readonly string[],
  ): Promise<readonly ({ entry: PathEntry; release: string | null } & PathTraces)[]>
  /** Own time, findings and shapes by latency band, at most `MAX_PATH_ITEMS` rows of each, those that take most first. */
  items(window: TenantWindow, entry: PathEntry, release?: string): Promise<readonly PathItemRow[]>
  /** Own time of each contributor by trace, in latency bands from one to another. */
  partDurations(
    window: TenantWindow,
    entry: PathEntry,
    of: { fromBand: number; toBand: number; release?: string | undefined },
  ): Promise<readonly { contributor: PathContributor; duration: Histogram }[]>
  /** `no_root`, `late_corrections`, `limit`, `sampled`: how often. */
  notes(window: TenantWindow): Promise<readonly { code: string; count: number }[]>
}
