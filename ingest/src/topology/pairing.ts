import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import { histogramBucket } from '@skein/schemas/histogram'
import type { Catalogue } from './catalogue.ts'
import type { LinkTable } from './link-table.ts'
import type { PushedOut } from './pushed-out.ts'
import type { Rollup } from './rollup.ts'
import { Flag } from './span-flags.ts'
import type { SpanKey, SpanTable } from './span-columns.ts'

/** The pairing of one partition: its held spans, and what it shares with the others. */
export interface Pairing {
  catalogue: Catalogue
  rollup: Rollup
  spans: SpanTable
  links: LinkTable
  /** Of the record that is being read. */
  logTimeMs: number
  draft: Draft
  /** Room to read the identity of the span, and of what it links to. */
  key: SpanKey
  target: SpanKey
  /** Of the held spans, oldest first, how many were looked at for a partner that the store may have. */
  checked: number
  /** Traces looked up in this second of log time. */
  lookUps: { second: number; traces: Set<string> }
  pushedOut: PushedOut
  /** While stored spans come back: what they correct among themselves was corrected before. */
  restoring: boolean
}

/** What should be counted for a call; compared with what was counted. */
export interface Draft {
  /** Edge, or note when `Meta.note` is set; NONE = nothing. */
  group: number
  minute: number
  meta: number
  /** Calls that it stands for. */
  weight: number
  /** Instance that made the call; NONE = not known. */
  source: number
}

/** The bits of `upMeta` and `outMeta`: how a call was counted, enough to take it back exactly. */
export const Meta = {
  evidenceMask: 7,
  /** The same bit as in a span's flags. */
  error: Flag.error,
  note: 1 << 4,
  skewed: 1 << 5,
  /** A call; without it only the caller's duration was added. */
  call: 1 << 6,
  /** First and last seen and exemplars wait: the call may be taken back. */
  waits: 1 << 7,
  /** Network time or queue wait: bucket + 2, 0 = none. */
  measureShift: 8,
} as const

export const EvidenceId = { paired: 0, clientOnly: 1, serverOnly: 2, parentChild: 3, topic: 4, link: 5 } as const

/** Below this clocks disagree; up to 0 they are as good as equal. */
const SKEW_NS = -1e6
const MAX_MINUTE = 71_582_787

export function minuteOf(startUs: number): number {
  const minute = Math.floor(startUs / 60e6)
  return minute >= 0 ? Math.min(minute, MAX_MINUTE) : 0
}

export function serviceOf(pairing: Pairing, span: number): number {
  return pairing.catalogue.instanceService[pairing.spans.instance[span]!]!
}

/** Calls that one span stands for. */
export function weightOf(spans: SpanTable, span: number): number {
  return spans.weight[span]! || 1
}

export function kindOf(flags: number): number {
  return flags & Flag.kindMask
}

/** The parent when it is held and more than a marked copy, else −1. */
export function heldParent(spans: SpanTable, span: number): number {
  const parent = spans.parent[span]!
  return parent >= 0 && (spans.flags[parent]! & Flag.copy) === 0 ? parent : -1
}

/** Client spans of one service inside each other. */
export function isNested(pairing: Pairing, outer: number, inner: number): boolean {
  const { flags } = pairing.spans
  if (kindOf(flags[outer]!) !== SpanKindNumber.client || kindOf(flags[inner]!) !== SpanKindNumber.client) return false
  return serviceOf(pairing, outer) === serviceOf(pairing, inner)
}

/** Meta bits of a time between two clocks. */
export function measureBits(differenceNs: number): number {
  if (differenceNs < SKEW_NS) return Meta.skewed
  return (histogramBucket(differenceNs) + 2) << Meta.measureShift
}

/** From the end of one span to the start of another. */
export function waitNs(spans: SpanTable, from: number, to: number): number {
  return (spans.startUs[to]! - spans.startUs[from]!) * 1000 - spans.durationNs[from]!
}
