import type { EventKind } from '../api/events.ts'
import type { DropReason } from '../api/log-rules.ts'
import type { Fault } from '../fault.ts'
import type { MetricAction } from '../log-rule.ts'
import type { RuleLine } from './rule-line.ts'
import type { Work } from './regex.ts'

/** A call that a line tells of. */
export interface FoundCall {
  caller: string
  /** A name, or an address with or without its port. */
  upstream: string
  durationNs: number
  error: boolean
  operation: string
}

/** A change that a line tells of. */
export interface FoundChange {
  kind: EventKind
  title: string
  version: string
}

/** What a line counts for a metric. */
export interface FoundMetric {
  metric: MetricAction
  /** Place of the action among all that count, the same for all lines. */
  place: string
  /** The number in its field; `none`: there is no field to look in. */
  value: number | 'none' | 'missing' | 'no_number'
  /** Values of `by`, in its order; '' = the line has none. */
  by: readonly string[]
}

export interface CountWindow {
  lengthMs: number
  logTimeMs: number
  /** From this number on it makes a difference how many there were; below, what others counted may be left out. */
  enough: number
}

/** How often something came within a window of the log's time; windows begin at multiples of their length, so that none depends on when counting began. */
export interface Counters {
  /** Counts one more of an action at a time of the log, and answers how many of its key there were before it in its window, in other partitions too. `place`: of the action among all that count. */
  next(place: string, key: string, window: CountWindow): number
}

/** From how long ago to how far ahead of the log's time a line's time is believed, as intake believes it (`limits.intake`). */
export interface TimeLimits {
  pastDays: number
  futureMinutes: number
}

/** What actions have at hand beside the line. */
export interface RuleRun {
  work: Work
  counters: Counters
  times: TimeLimits
  /** Salt of the tenant's hashes. */
  salt: string
  call: (call: FoundCall) => void
  change: (change: FoundChange) => void
  metric: (found: FoundMetric) => void
}

export type ActionResult =
  | { outcome: 'kept'; message: string }
  | { outcome: 'changed'; message: string }
  | { outcome: 'dropped'; reason: DropReason; message: string }

/** One action made ready. Throws when it fails. */
export type Act = (line: RuleLine, run: RuleRun) => ActionResult

export const kept = (message: string): ActionResult => ({ outcome: 'kept', message })
export const changed = (message: string): ActionResult => ({ outcome: 'changed', message })
export const dropped = (reason: DropReason, message: string): ActionResult => ({ outcome: 'dropped', reason, message })

/** What is wrong with a field of an action. */
export interface FieldFault extends Fault {
  field: string
  /** Where in its text, counted from 1. */
  column?: number
}

/** An action made ready, or which of its fields is wrong and how. */
export type ActRead = { ok: true; act: Act } | ({ ok: false } & FieldFault)
