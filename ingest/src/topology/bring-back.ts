import { addSpan, createResourceCache, makeRoom, type ResourceCache, type RowPlace } from './add-span.ts'
import { meetWaiting } from './arrival.ts'
import { NoteId, serviceNote, tenantId } from './catalogue.ts'
import { CHECK_AFTER_MS, linkedTrace, lookUpName, lookUpOf, missingPartners, type StoredSpans, takeLookUp, wantName } from './look-up.ts'
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
  /** Marked copies by their own trace, and the traces of those that link to a trace by that. */
  copies: ReadonlyMap<string, readonly number[]>
  owners: ReadonlyMap<string, ReadonlySet<string>>
}

export function createRecall(stored: StoredSpans): Recall {
  const { batch } = stored
  const [rows, copies] = [new Map<string, number[]>(), new Map<string, number[]>()]
  const owners = new Map<string, Set<string>>()
  for (let row = 0; row < batch.length; row++) {
    const at = batch.traceId[row]!
    const { tenant, linkedCopy } = batch.envelopes[batch.envelope[row]!]!
    const name = lookUpName(tenant, batch.bytes.toString('hex', at, at + 16))
    const of = linkedCopy ? copies : rows
    const known = of.get(name)
    if (known === undefined) of.set(name, [row])
    else known.push(row)
    if (!linkedCopy) continue
    for (let link = batch.linkFrom[row]!; link < batch.linkTo[row]!; link++) {
      const target = lookUpName(tenant, linkedTrace(batch, link))
      owners.set(target, (owners.get(target) ?? new Set()).add(name))
    }
  }
  return { stored, resources: createResourceCache(batch), rows, copies, owners }
}

/** Whose look-up it is: a span of a partition, or a marked copy of one; `instance` and `startUs` are for the note when there are too many. */
interface Seeker {
  partition: number
  key: SpanKey
  instance: number
  startUs: number
  copy?: boolean
}

/** A span of this trace looks for its partners. */
export function lookUpTrace(state: TopologyState, pairing: Pairing, of: Seeker, recall: Recall | null): void {
  const { lookUps } = state.options
  if (lookUps === undefined) return
  const { tenant, traceId } = lookUpOf(pairing, of.key)
  const name = lookUpName(tenant, traceId)
  const want = wantName({ partition: of.partition, tenant, traceId })
  const asked = takeLookUp(pairing, name, lookUps) && recall?.stored.asked.has(want) === true
  if (asked) bringBack(state, pairing, recall, foundFor(recall, { name, want, copy: of.copy === true }))
  else countNote(state.rollup, serviceNote(state.catalogue, of.instance, NoteId.limit), minuteOf(of.startUs), 1)
}

/**
 * The spans of a trace, and after them the copies that link to it; for a copy, those of its own trace. Of a trace that lives elsewhere there is
 * nothing else here, though another partition may have asked for it in the same breath.
 */
function foundFor({ stored, rows, copies, owners }: Recall, of: { name: string; want: string; copy: boolean }): number[] {
  if (of.copy) return [...(copies.get(of.name) ?? [])]
  if (!stored.homes.has(of.want)) return []
  return [...(rows.get(of.name) ?? []), ...[...(owners.get(of.name) ?? [])].flatMap((owner) => copies.get(owner) ?? [])]
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
    const of = { partition, instance: spans.instance[span]!, startUs: spans.startUs[span]! }
    for (const key of missingPartners(pairing, span)) lookUpTrace(state, pairing, { ...of, key }, recall)
  }
}
