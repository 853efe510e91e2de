import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import type { SpanBatch } from '../decode/span-batch.ts'
import { LinkState } from './link-table.ts'
import type { Pairing } from './pairing.ts'
import { copyOfPushedOut, countArrivals, createPushedOut, heldMs, type HoldLimits } from './pushed-out.ts'
import { Parent, type SpanKey } from './span-columns.ts'
import { Flag, Role, roleOf } from './span-flags.ts'

/**
 * Partners that are held no more ([ADR 15](../../../docs/adr/015-late-partners.md)). Before a batch is added, `wants` says which traces its spans, and those held, may
 * need from the store; whoever asks the store hands the answer to `add`, which takes from it exactly what lies earlier in the log.
 */

/** A trace whose stored spans are asked for. */
export interface TraceLookUp {
  partition: number
  tenant: string
  /** 32 hex digits. */
  traceId: string
  /** Of the start of its spans, Unix ms. */
  fromMs: number
  toMs: number
  /** Spans that arrived at this log time or later are not asked for. */
  beforeMs: number
  /** Also who links to it, for a span of it that comes after them. */
  links: boolean
  /** Of a trace that lives in another partition: whether a marked copy of one of its spans was here before. */
  copies: boolean
  /**
   * Of a `process` with links: how far before them what the spans found link to is looked for, since links of a `receive` around it have counted in
   * its stead; 0 = not at all.
   */
  targetsBackMs: number
}

/** The answer: stored spans of the traces asked for, as a batch. */
export interface StoredSpans {
  /** Each row in an envelope of its tenant; marked copies are spans that link to a trace of the envelope's partition. */
  batch: SpanBatch
  /** Row → log time by which it had arrived for certain. */
  arrivedByMs: ArrayLike<number>
  /** Row → spans that it stands for, 0 = not said. */
  weights: ArrayLike<number>
  /** `wantName` of everything that was asked for, also of what the store has not, and of those the traces that live in the partition that asked. */
  asked: ReadonlySet<string>
  homes: ReadonlySet<string>
  /** Of those asked for, the ones of which more is stored than came back. */
  cut: ReadonlySet<string>
}

export interface LookUpLimits {
  /** Traces a partition and second of log time; what is beyond is counted and not looked up. */
  perSecond: number
  /** How far before a consumer its producer is looked for. */
  backMs: number
}

/** A consumer whose producer has not come by then has it looked up; producers are sent within seconds. */
export const CHECK_AFTER_MS = 10_000
/** A partner of a late span starts within this of it. */
const AROUND_MS = 3_600_000
/** A producer may have a clock of its own. */
export const TARGET_AHEAD_MS = 300_000
/** Of one batch; only a log that is read again in large pieces has so many. */
const MAX_WANTED = 4096

export function lookUpName(tenant: string, traceId: string): string {
  return `${tenant} ${traceId}`
}

export function wantName({ partition, tenant, traceId }: Pick<TraceLookUp, 'partition' | 'tenant' | 'traceId'>): string {
  return `${partition} ${lookUpName(tenant, traceId)}`
}

/** Clocks differ: a span that starts this much (or a tenth of the window) after the oldest held one arrived is taken for one before it. */
const SLACK_MS = 30_000

/** Whether a span comes so late that its partner may have been let go: spans are held for `heldForMs`. */
export function isLate(startMs: number, logTimeMs: number, heldForMs: number): boolean {
  return startMs < logTimeMs - heldForMs + Math.min(SLACK_MS, heldForMs / 10)
}

/** Takes one of the look-ups of this second of log time; false when there is none left. A trace is looked up once a second at most. */
export function takeLookUp(pairing: Pick<Pairing, 'lookUps' | 'logTimeMs'>, name: string, limits: LookUpLimits): boolean {
  const { lookUps } = pairing
  const second = Math.floor(pairing.logTimeMs / 1000)
  if (lookUps.second !== second) {
    lookUps.second = second
    lookUps.traces.clear()
  }
  if (lookUps.traces.has(name)) return true
  if (lookUps.traces.size >= limits.perSecond) return false
  lookUps.traces.add(name)
  return true
}

export interface Wanting {
  batch: SpanBatch
  holds: HoldLimits
  limits: LookUpLimits
  /** The pairing of an envelope's partition, when it has one. */
  pairingOf: (envelope: number) => Pairing | undefined
}

/** Every trace that adding the batch may look up, and maybe some more. */
export function wantedTraces(wanting: Wanting): TraceLookUp[] {
  const wanted = new Map<string, TraceLookUp>()
  const ends = logTimesOf(wanting.batch)
  for (const [partition, { logTimeMs, envelope }] of ends) wantOfHeld(wanted, wanting, { partition, logTimeMs, envelope })
  wantOfBatch(wanted, wanting, ends)
  return [...wanted.values()]
}

function want(wanted: Map<string, TraceLookUp>, lookUp: TraceLookUp): void {
  const name = wantName(lookUp)
  const known = wanted.get(name)
  if (known === undefined) {
    if (wanted.size < MAX_WANTED) wanted.set(name, lookUp)
    return
  }
  known.links ||= lookUp.links
  known.copies ||= lookUp.copies
  known.targetsBackMs = Math.max(known.targetsBackMs, lookUp.targetsBackMs)
  known.fromMs = Math.min(known.fromMs, lookUp.fromMs)
  known.toMs = Math.max(known.toMs, lookUp.toMs)
  known.beforeMs = Math.max(known.beforeMs, lookUp.beforeMs)
}

interface End {
  partition: number
  logTimeMs: number
  envelope: number
}

/** Partition → log time at the end of the batch. */
function logTimesOf({ envelopes }: SpanBatch): Map<number, Omit<End, 'partition'>> {
  const ends = new Map<number, Omit<End, 'partition'>>()
  envelopes.forEach(({ partition, logTimeMs }, envelope) => {
    if (logTimeMs > (ends.get(partition)?.logTimeMs ?? Number.NEGATIVE_INFINITY)) ends.set(partition, { logTimeMs, envelope })
  })
  return ends
}

function wantOfHeld(wanted: Map<string, TraceLookUp>, wanting: Wanting, end: End): void {
  const pairing = wanting.pairingOf(end.envelope)
  if (pairing === undefined) return
  const { spans } = pairing
  for (let i = pairing.checked; i < spans.size; i++) {
    const span = (spans.head + i) & (spans.capacity - 1)
    if (spans.arrivedMs[span]! > end.logTimeMs - CHECK_AFTER_MS) return
    const targetsBackMs = awaitsReceive(pairing, span) ? wanting.limits.backMs : 0
    for (const key of missingPartners(pairing, span))
      want(wanted, {
        ...{ ...lookUpOf(pairing, key), ...backOf(spans.startUs[span]! / 1000, wanting.limits), ...ITSELF, targetsBackMs },
        ...{ partition: end.partition, beforeMs: end.logTimeMs },
      })
  }
}

/** Nothing but the trace's own spans. */
const ITSELF = { links: false, copies: false, targetsBackMs: 0 }

function backOf(startMs: number, limits: LookUpLimits): { fromMs: number; toMs: number } {
  return { fromMs: startMs - limits.backMs, toMs: startMs + TARGET_AHEAD_MS }
}

/** Of a held span what `isLinkedProcess` says of a row. */
export function awaitsReceive({ spans }: Pairing, span: number): boolean {
  return takesMessages(spans.flags[span]!) && spans.parent[span] === Parent.waiting && spans.links[span]! >= 0
}

export function lookUpOf(pairing: Pairing, key: SpanKey): { tenant: string; traceId: string } {
  const bytes = Buffer.alloc(16)
  for (const [i, word] of [key.trace0, key.trace1, key.trace2, key.trace3].entries()) bytes.writeInt32LE(word, i * 4)
  return { tenant: pairing.catalogue.tenants.list[key.tenant]!, traceId: bytes.toString('hex') }
}

/** The traces in which a held span's partners should be and are not: of a consumer its own, of links those that they point to. */
export function missingPartners({ spans, links, restoring }: Pairing, span: number): readonly SpanKey[] {
  const flags = spans.flags[span]!
  const waits = (flags & Flag.kindMask) === SpanKindNumber.consumer || spans.links[span]! >= 0
  if (!waits || restoring || (flags & Flag.restored) !== 0) return NONE_MISSING
  const missing: SpanKey[] = []
  if ((flags & (Flag.kindMask | Flag.copy | Flag.processed)) === SpanKindNumber.consumer && spans.parent[span] === Parent.waiting)
    missing.push(keyOf(spans, span))
  for (let link = spans.links[span]!; link >= 0; link = links.columns.nextOfOwner[link]!)
    if (links.columns.state[link] === LinkState.waiting) missing.push(keyOf(links.columns, link))
  return missing
}

const NONE_MISSING: readonly SpanKey[] = []

type KeyColumns = Record<keyof SpanKey, Int32Array>

function keyOf(columns: KeyColumns, at: number): SpanKey {
  const { tenant, trace0, trace1, trace2, trace3, id0, id1 } = columns
  return {
    tenant: tenant[at]!,
    trace0: trace0[at]!,
    trace1: trace1[at]!,
    trace2: trace2[at]!,
    trace3: trace3[at]!,
    id0: id0[at]!,
    id1: id1[at]!,
  }
}

function wantOfBatch(wanted: Map<string, TraceLookUp>, wanting: Wanting, ends: ReadonlyMap<number, Omit<End, 'partition'>>): void {
  const { batch } = wanting
  const walks = new Map<number, Walk>()
  let row = 0
  batch.envelopes.forEach(({ partition, logTimeMs }, envelope) => {
    const walk = walkOf(walks, wanting, { partition, envelope, logTimeMs })
    const heldForMs = heldMs(walk.pushedOut, logTimeMs, wanting.holds.pairWindowMs)
    const endMs = ends.get(partition)?.logTimeMs ?? logTimeMs
    const first = row
    for (; row < batch.length && batch.envelope[row] === envelope; row++) {
      if (isLate(batch.startUs[row]! / 1000, logTimeMs, heldForMs)) wantOfLate(wanted, wanting, { row, endMs, walk })
      if (endMs - CHECK_AFTER_MS >= logTimeMs) wantOfChecked(wanted, wanting, { row, endMs })
    }
    countArrivals(walk.pushedOut, { logTimeMs, rows: row - first }, wanting.holds)
  })
}

/** What adding will do to a partition's room and to its share of look-ups. */
type Walk = Pick<Pairing, 'lookUps' | 'logTimeMs' | 'pushedOut'>

function walkOf(walks: Map<number, Walk>, { pairingOf }: Wanting, at: { partition: number; envelope: number; logTimeMs: number }): Walk {
  const { partition, envelope, logTimeMs } = at
  const walk = walks.get(partition) ?? {
    lookUps: { second: 0, traces: new Set() },
    pushedOut: copyOfPushedOut(pairingOf(envelope)?.pushedOut ?? createPushedOut()),
    logTimeMs,
  }
  walk.logTimeMs = logTimeMs
  walks.set(partition, walk)
  return walk
}

function wantOfLate(wanted: Map<string, TraceLookUp>, { batch, limits }: Wanting, of: { row: number; endMs: number; walk: Walk }): void {
  const { partition, tenant, linkedCopy } = batch.envelopes[batch.envelope[of.row]!]!
  const traceId = batch.bytes.toString('hex', batch.traceId[of.row]!, batch.traceId[of.row]! + 16)
  if (!takeLookUp(of.walk, lookUpName(tenant, traceId), limits)) return
  const startMs = batch.startUs[of.row]! / 1000
  const toMs = startMs + batch.durationNs[of.row]! / 1e6 + AROUND_MS
  const targetsBackMs = isLinkedProcess(batch, of.row) ? limits.backMs : 0
  want(wanted, { partition, tenant, traceId, fromMs: startMs - AROUND_MS, toMs, beforeMs: of.endMs, links: !linkedCopy, copies: linkedCopy, targetsBackMs })
}

/** Whether links of a `receive` around it would give way. */
export function isLinkedProcess({ facts, parentId, linkFrom, linkTo }: SpanBatch, row: number): boolean {
  return takesMessages(facts[row]!) && parentId[row]! >= 0 && linkTo[row]! > linkFrom[row]!
}

function takesMessages(flags: number): boolean {
  return roleOf(flags) === Role.consumer && (flags & Flag.receive) === 0
}

/** Of a span that will have waited long enough when the batch ends: its own trace for a consumer, and those of its links. */
function wantOfChecked(wanted: Map<string, TraceLookUp>, { batch, limits }: Wanting, of: { row: number; endMs: number }): void {
  const { row } = of
  const { partition, tenant, linkedCopy } = batch.envelopes[batch.envelope[row]!]!
  const targetsBackMs = isLinkedProcess(batch, row) ? limits.backMs : 0
  const base = { partition, tenant, beforeMs: of.endMs, ...ITSELF, targetsBackMs, ...backOf(batch.startUs[row]! / 1000, limits) }
  if ((batch.kind[row]! & Flag.kindMask) === SpanKindNumber.consumer && batch.parentId[row]! >= 0 && !linkedCopy)
    want(wanted, { ...base, traceId: batch.bytes.toString('hex', batch.traceId[row]!, batch.traceId[row]! + 16) })
  for (let link = batch.linkFrom[row]!; link < batch.linkTo[row]!; link++) {
    const traceId = linkedTrace(batch, link)
    if (traceId !== '') want(wanted, { ...base, traceId })
  }
}

export function linkedTrace({ bytes, links }: SpanBatch, link: number): string {
  return linkedTraceOf(bytes.subarray(links[link * 2]!, links[link * 2 + 1]!))
}

/** Trace id of an OTLP link message, '' when it has none where every writer puts it. */
export function linkedTraceOf(link: Uint8Array): string {
  const { buffer, byteOffset, length } = link
  return length >= 18 && link[0] === 0x0a && link[1] === 16 ? Buffer.from(buffer, byteOffset, length).toString('hex', 2, 18) : ''
}
