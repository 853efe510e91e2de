import type { BatchEnvelope, SpanBatch } from '../decode/span-batch.ts'
import { addSpan, createResourceCache, instanceOf, type ResourceCache, type RowPlace } from './add-span.ts'
import { dropOldestSpan } from './arrival.ts'
import { checkPartners, createRecall, lookUpTrace, type Recall } from './bring-back.ts'
import { catalogueBytes, catalogueSize, tenantId } from './catalogue.ts'
import { compactCatalogue } from './compact.ts'
import { deltaRows } from './delta-rows.ts'
import { edgeBlocks } from './edge-blocks.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'
import { encodeDeltas } from './encode-blocks.ts'
import { linkTableBytes } from './link-table.ts'
import { isLate, isLinkedProcess, type StoredSpans, type TraceLookUp, wantedTraces } from './look-up.ts'
import type { Pairing } from './pairing.ts'
import { countArrivals, heldMs } from './pushed-out.ts'
import { clearRollup, rollupBytes } from './rollup.ts'
import { spanTableBytes } from './span-columns.ts'
import { readSpanKey } from './span-key.ts'
import { AHEAD, readAhead } from './span-table.ts'
import { createTopologyState, emptyKey, pairingName, pairingOf, type TopologyOptions, type TopologyState } from './topology-state.ts'

/**
 * Pairs spans into calls and adds them up by minute.
 *
 * Each partition holds its spans of the last `pairWindowMs` of log time in a ring of typed arrays, found by (tenant, trace id, span
 * id). A span that arrives finds its parent and the children that waited for it. Every held span carries what it has counted: the
 * call to it and the call by it. When a neighbour arrives, both are worked out anew; where they differ, the old is taken back and
 * the new counted, in the minute of each, so that sums end up the same in whatever order spans come. What a span learns from
 * neighbours only grows, and nothing but log time and the number of held spans lets one go: state is a pure function of the log.
 */
export interface Topology {
  /** Traces whose stored spans `add` may need for this batch: none but for spans that come late, and for consumers and links whose producers are not held. */
  wants(batch: SpanBatch): TraceLookUp[]
  /**
   * Takes all rows of a batch, in order. Returns 1 for each row whose (trace id, span id) is held already: it changed nothing and
   * must not become a row. With `emit` false (the log is read again after a restart) state changes and no delta is kept.
   * `stored` is what the store said to `wants`.
   */
  add(batch: SpanBatch, options: { emit: boolean; stored?: StoredSpans }): Uint8Array
  /** The deltas since the last call, as Native blocks by table. */
  take(): { blocks: BuiltBlock[] }
  /** Drops the state of a partition that is no longer ours. */
  forget(topic: string, partition: number): void
  heldSpans(): number
  heldBytes(): number
}

/** Below this many names nothing is compacted. */
const COMPACT_ABOVE = 50_000

export function createTopology(options: TopologyOptions): Topology {
  const state = createTopologyState(options)
  return {
    wants: (batch) => wantsOf(state, batch),
    add(batch, { emit, stored }) {
      state.rollup.emitting = emit
      return addBatch(state, batch, stored === undefined ? null : createRecall(stored))
    },
    take() {
      const { rollup, catalogue } = state
      const blocks = [...edgeBlocks(rollup, catalogue), ...encodeDeltas(deltaRows(rollup, catalogue))]
      clearRollup(rollup)
      compactIfLarge(state)
      return { blocks }
    },
    forget(topic, partition) {
      state.pairings.delete(pairingName(topic, partition))
    },
    heldSpans: () => [...state.pairings.values()].reduce((sum, pairing) => sum + pairing.spans.size, 0),
    heldBytes: () =>
      [...state.pairings.values()].reduce(
        (sum, { spans, links }) => sum + spanTableBytes(spans) + linkTableBytes(links),
        catalogueBytes(state.catalogue) + rollupBytes(state.rollup),
      ),
  }
}

function wantsOf(state: TopologyState, batch: SpanBatch): TraceLookUp[] {
  const { lookUps: limits } = state.options
  if (limits === undefined) return []
  const pairing = (envelope: number): Pairing | undefined => {
    const { topic, partition } = batch.envelopes[envelope]!
    return state.pairings.get(pairingName(topic, partition))
  }
  return wantedTraces({ batch, holds: state.options, limits, pairingOf: pairing })
}

function addBatch(state: TopologyState, batch: SpanBatch, recall: Recall | null): Uint8Array {
  const repeats = new Uint8Array(batch.length)
  const resources = createResourceCache(batch)
  const rows: Rows = { batch, resources, recall, repeats }
  let row = 0
  for (let envelope = 0; envelope < batch.envelopes.length; envelope++) row = addEnvelope(state, rows, { envelope, row })
  return repeats
}

interface Rows {
  batch: SpanBatch
  resources: ResourceCache
  recall: Recall | null
  repeats: Uint8Array
}

/** Takes the rows of an envelope, of which `row` is the first, and returns the one behind its last. */
function addEnvelope(state: TopologyState, { batch, resources, recall, repeats }: Rows, { envelope, row }: { envelope: number; row: number }): number {
  const current = batch.envelopes[envelope]!
  const pairing = pairingOf(state, current)
  passTime(state, pairing, current, recall)
  resources.tenant = tenantId(state.catalogue, current.tenant)
  let at = row
  for (; at < batch.length && batch.envelope[at] === envelope; at++) {
    if (at === row || at % AHEAD === 0) readAhead(pairing.spans, batch.ids, at, Math.min(batch.length, at + AHEAD - (at % AHEAD)))
    repeats[at] = addRow(state, pairing, { batch, row: at, resources }, recall)
  }
  countArrivals(pairing.pushedOut, { logTimeMs: pairing.logTimeMs, rows: at - row }, state.options)
  return at
}

function addRow(state: TopologyState, pairing: Pairing, place: RowPlace, recall: Recall | null): 0 | 1 {
  const { batch, row, resources } = place
  const startUs = batch.startUs[row]!
  const { lookUps, pairWindowMs } = state.options
  const { logTimeMs } = pairing
  if (lookUps !== undefined && isLate(startUs / 1000, logTimeMs, heldMs(pairing.pushedOut, logTimeMs, pairWindowMs))) {
    const key = { ...emptyKey(), tenant: resources.tenant }
    readSpanKey(key, batch, row)
    const { partition, linkedCopy: copy } = batch.envelopes[batch.envelope[row]!]!
    const of = { partition, key, startUs, instance: instanceOf(state, resources, batch, row), copy, process: isLinkedProcess(batch, row) }
    lookUpTrace(state, pairing, of, recall)
  }
  return addSpan(state, pairing, place)
}

/** Log time of a partition passes: spans that wait for producers look for them, and those older than the window go. */
function passTime(state: TopologyState, pairing: Pairing, time: Pick<BatchEnvelope, 'partition' | 'logTimeMs'>, recall: Recall | null): void {
  const { spans } = pairing
  if (time.logTimeMs > pairing.logTimeMs) pairing.logTimeMs = time.logTimeMs
  checkPartners(state, pairing, time.partition, recall)
  const oldest = pairing.logTimeMs - state.options.pairWindowMs
  while (spans.size > 0 && spans.arrivedMs[spans.head]! <= oldest) dropOldestSpan(pairing)
}

/** When names have doubled, or a window has passed: then no span is held that was then. */
function compactIfLarge(state: TopologyState): void {
  const names = catalogueSize(state.catalogue)
  const pairings = [...state.pairings.values()]
  const logTimeMs = pairings.reduce((newest, pairing) => Math.max(newest, pairing.logTimeMs), 0)
  const { compacted } = state
  if (names <= COMPACT_ABOVE || (names < compacted.names * 2 && logTimeMs - compacted.logTimeMs < state.options.pairWindowMs)) return
  state.catalogue = compactCatalogue(state.catalogue, pairings)
  for (const pairing of pairings) pairing.catalogue = state.catalogue
  state.compacted = { names: catalogueSize(state.catalogue), logTimeMs }
}
