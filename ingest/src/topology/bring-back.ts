import { addSpan, createResourceCache, type ResourceCache, type RowPlace } from './add-span.ts'
import { meetWaiting } from './arrival.ts'
import { NoteId, serviceNote, tenantId } from './catalogue.ts'
import { CHECK_AFTER_MS, lookUpName, lookUpOf, missingPartners, type StoredSpans, takeLookUp } from './look-up.ts'
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
}

export function createRecall(stored: StoredSpans): Recall {
  const { batch } = stored
  const rows = new Map<string, number[]>()
  for (let row = 0; row < batch.length; row++) {
    const at = batch.traceId[row]!
    const name = lookUpName(batch.envelopes[batch.envelope[row]!]!.tenant, batch.bytes.toString('hex', at, at + 16))
    const known = rows.get(name)
    if (known === undefined) rows.set(name, [row])
    else known.push(row)
  }
  return { stored, resources: createResourceCache(batch), rows }
}

/** A span of this trace looks for its partners. `instance`: whose look-up it is, for the note when there are too many. */
export function lookUpTrace(state: TopologyState, pairing: Pairing, of: { key: SpanKey; instance: number; startUs: number }, recall: Recall | null): void {
  const { lookUps } = state.options
  if (lookUps === undefined) return
  const { tenant, traceId } = lookUpOf(pairing, of.key)
  const name = lookUpName(tenant, traceId)
  if (takeLookUp(pairing, name, lookUps) && recall?.stored.asked.has(name) === true) bringBack(state, pairing, recall, recall.rows.get(name) ?? [])
  else countNote(state.rollup, serviceNote(state.catalogue, of.instance, NoteId.limit), minuteOf(of.startUs), 1)
}

/**
 * Spans of the store join those held. What they counted among themselves, and with spans that met them before they were let go, is in the
 * store already: it is learnt again in silence. Then they meet those that had waited for them in vain, and what that corrects is counted.
 */
function bringBack(state: TopologyState, pairing: Pairing, recall: Recall, rows: readonly number[]): void {
  const missing = rows.filter((row) => isMissing(state, pairing, recall, row))
  if (missing.length === 0) return
  const { emitting } = state.rollup
  state.rollup.emitting = false
  pairing.restoring = true
  for (const row of missing) addSpan(state, pairing, { ...placeOf(state, recall, row), weight: recall.stored.weights[row]! })
  pairing.restoring = false
  state.rollup.emitting = emitting
  for (const row of missing) {
    const { batch, resources } = placeOf(state, recall, row)
    pairing.key.tenant = resources.tenant
    readSpanKey(pairing.key, batch, row)
    const span = findSpan(pairing.spans, pairing.key, pairing.key.id0, pairing.key.id1)
    if (span >= 0) meetWaiting(pairing, span)
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
export function checkPartners(state: TopologyState, pairing: Pairing, recall: Recall | null): void {
  const { spans } = pairing
  const until = pairing.logTimeMs - CHECK_AFTER_MS
  while (pairing.checked < spans.size) {
    const span = (spans.head + pairing.checked) & (spans.capacity - 1)
    if (spans.arrivedMs[span]! > until) return
    pairing.checked++
    if (state.options.lookUps === undefined) continue
    const of = { instance: spans.instance[span]!, startUs: spans.startUs[span]! }
    for (const key of missingPartners(pairing, span)) lookUpTrace(state, pairing, { ...of, key }, recall)
  }
}
