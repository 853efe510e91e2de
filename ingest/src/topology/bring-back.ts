import { addSpan, createResourceCache, makeRoom, type ResourceCache, type RowPlace } from './add-span.ts'
import { meetWaiting } from './arrival.ts'
import { NoteId, serviceNote, tenantId } from './catalogue.ts'
import { awaitsReceive, CHECK_AFTER_MS, linkedTrace, lookUpName, lookUpOf, missingPartners, type StoredSpans, takeLookUp, wantName } from './look-up.ts'
import type { SpanBatch } from '../decode/span-batch.ts'
import { minuteOf, type Pairing } from './pairing.ts'
import { countNote } from './rollup.ts'
import { emptyKey, type TopologyState } from './topology-state.ts'
import { Flag } from './span-flags.ts'
import type { SpanKey } from './span-columns.ts'
import { readSpanKey } from './span-key.ts'
import { findSpan } from './span-table.ts'

/** Stored spans in the hands of `add`: rows by trace. */
export interface Recall {
  stored: StoredSpans
  resources: ResourceCache
  rows: ReadonlyMap<string, readonly number[]>
  /** Marked copies of a partition by their own trace, and the traces of those that link to a trace by that: all by `wantName`. */
  copies: ReadonlyMap<string, readonly number[]>
  owners: ReadonlyMap<string, ReadonlySet<string>>
}

export function createRecall(stored: StoredSpans): Recall {
  const { batch } = stored
  const [rows, copies] = [new Map<string, number[]>(), new Map<string, number[]>()]
  const owners = new Map<string, Set<string>>()
  for (let row = 0; row < batch.length; row++) {
    const at = batch.traceId[row]!
    const { partition, tenant, linkedCopy } = batch.envelopes[batch.envelope[row]!]!
    const traceId = batch.bytes.toString('hex', at, at + 16)
    const name = linkedCopy ? wantName({ partition, tenant, traceId }) : lookUpName(tenant, traceId)
    const of = linkedCopy ? copies : rows
    const known = of.get(name)
    if (known === undefined) of.set(name, [row])
    else known.push(row)
    if (!linkedCopy) continue
    for (const target of targetsOf(batch, row)) {
      const linked = wantName({ partition, tenant, traceId: target })
      owners.set(linked, (owners.get(linked) ?? new Set()).add(name))
    }
  }
  return { stored, resources: createResourceCache(batch), rows, copies, owners }
}

/** The traces that a row links to. */
function targetsOf(batch: SpanBatch, row: number): string[] {
  return Array.from({ length: batch.linkTo[row]! - batch.linkFrom[row]! }, (_, i) => linkedTrace(batch, batch.linkFrom[row]! + i))
}

/** Whose look-up it is: a span of a partition, or a marked copy of one; `instance` and `startUs` are for the note when there are too many. */
interface Seeker {
  partition: number
  key: SpanKey
  instance: number
  startUs: number
  copy?: boolean
  /** A `process` with links: those of a `receive` that comes back give way, so what they point to comes back too. */
  process: boolean
}

/** A span of this trace looks for its partners. */
export function lookUpTrace(state: TopologyState, pairing: Pairing, of: Seeker, recall: Recall | null): void {
  const { lookUps } = state.options
  if (lookUps === undefined) return
  const { tenant, traceId } = lookUpOf(pairing, of.key)
  const name = lookUpName(tenant, traceId)
  const want = wantName({ partition: of.partition, tenant, traceId })
  const asked = takeLookUp(pairing, name, lookUps) && recall?.stored.asked.has(want) === true
  if (asked) bringBack(state, pairing, recall, foundFor(recall, { name, want, tenant, ...of }))
  if (!asked || recall.stored.cut.has(want)) countNote(state.rollup, serviceNote(state.catalogue, of.instance, NoteId.limit), minuteOf(of.startUs), 1)
}

interface Finding extends Pick<Seeker, 'partition' | 'copy' | 'process'> {
  name: string
  want: string
  tenant: string
}

/**
 * The spans of a trace, and after them the copies that link to it; for a copy, those of its own trace. Of a trace that lives elsewhere there is
 * nothing else here, though another partition may have asked for it in the same breath.
 */
function foundFor(recall: Recall, of: Finding): number[] {
  const { stored, rows, copies, owners } = recall
  const found = of.copy === true ? [...(copies.get(of.want) ?? [])] : []
  if (of.copy !== true && stored.homes.has(of.want))
    found.push(...(rows.get(of.name) ?? []), ...[...(owners.get(of.want) ?? [])].flatMap((owner) => copies.get(owner) ?? []))
  return of.process ? [...found, ...targetRows(recall, found, of)] : found
}

/** The spans of traces of this partition that rows link to. */
function targetRows({ stored, rows }: Recall, found: readonly number[], { partition, tenant }: Finding): number[] {
  const traces = new Set(found.flatMap((row) => targetsOf(stored.batch, row)))
  return [...traces].flatMap((traceId) => (stored.homes.has(wantName({ partition, tenant, traceId })) ? (rows.get(lookUpName(tenant, traceId)) ?? []) : []))
}

/**
 * Spans of the store join those held. What they counted among themselves, and with spans that met them before they were let go, is in the
 * store already: it is learnt again in silence. Then they meet those that had waited for them in vain, and what that corrects is counted.
 */
function bringBack(state: TopologyState, pairing: Pairing, recall: Recall, rows: readonly number[]): void {
  const missing = missingRows(state, pairing, recall, rows)
  const { emitting } = state.rollup
  state.rollup.emitting = false
  pairing.restoring = true
  for (const row of missing) addSpan(state, pairing, { ...placeOf(state, recall, row), weight: recall.stored.weights[row]! })
  pairing.restoring = false
  state.rollup.emitting = emitting
  for (const row of rows) {
    const { batch, resources } = placeOf(state, recall, row)
    pairing.key.tenant = resources.tenant
    readSpanKey(pairing.key, batch, row)
    const span = findSpan(pairing.spans, pairing.key, pairing.key.id0, pairing.key.id1)
    if (span >= 0 && (pairing.spans.flags[span]! & Flag.copy) === 0) meetWaiting(pairing, span)
  }
}

/** Those that are not held once there is room for them, and for the span that looks for them: what goes for that may be one of them. */
function missingRows(state: TopologyState, pairing: Pairing, recall: Recall, rows: readonly number[]): number[] {
  for (let known = -1; ; ) {
    const missing = rows.filter((row) => isMissing(state, pairing, recall, row))
    if (missing.length <= known) return missing
    known = missing.length
    makeRoom(state, pairing, known + 1)
  }
}

function placeOf(state: TopologyState, { stored, resources }: Recall, row: number): RowPlace {
  const { batch } = stored
  resources.tenant = tenantId(state.catalogue, batch.envelopes[batch.envelope[row]!]!.tenant)
  return { batch, row, resources }
}

/** Earlier in the log than what looks for it, and held no more. */
function isMissing(state: TopologyState, pairing: Pairing, { stored }: Recall, row: number): boolean {
  if (!(stored.arrivedByMs[row]! < pairing.logTimeMs)) return false
  const key = emptyKey()
  const { batch } = stored
  key.tenant = tenantId(state.catalogue, batch.envelopes[batch.envelope[row]!]!.tenant)
  readSpanKey(key, batch, row)
  const held = findSpan(pairing.spans, key, key.id0, key.id1)
  return held < 0 || (pairing.spans.flags[held]! & Flag.copy) !== 0
}

/** Log time has passed: spans that have waited for their producers long enough look for them. */
export function checkPartners(state: TopologyState, pairing: Pairing, partition: number, recall: Recall | null): void {
  const { spans } = pairing
  const until = pairing.logTimeMs - CHECK_AFTER_MS
  while (pairing.checked < spans.size) {
    const span = (spans.head + pairing.checked) & (spans.capacity - 1)
    if (spans.arrivedMs[span]! > until) return
    pairing.checked++
    if (state.options.lookUps === undefined) continue
    const of = { partition, instance: spans.instance[span]!, startUs: spans.startUs[span]!, process: awaitsReceive(pairing, span) }
    for (const key of missingPartners(pairing, span)) lookUpTrace(state, pairing, { ...of, key }, recall)
  }
}
