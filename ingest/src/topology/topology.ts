import { histogramBucket } from '@skein/schemas/histogram'
import type { BatchEnvelope, SpanBatch } from '../decode/span-batch.ts'
import { cellOf } from './accumulator.ts'
import { dropOldestSpan, joinLinks, joinSpan, replaceCopy } from './arrival.ts'
import { type Catalogue, catalogueBytes, catalogueSize, createCatalogue, instanceIndex, NoteId, serviceNote, tenantId } from './catalogue.ts'
import { compactCatalogue } from './compact.ts'
import { type DeltaRows, deltaRows } from './delta-rows.ts'
import { type DeltaBlock, encodeDeltas } from './encode-blocks.ts'
import { createLinkTable, linkTableBytes } from './link-table.ts'
import { minuteOf, type Pairing } from './pairing.ts'
import { clearRollup, countNote, createRollup, type Rollup, rollupBytes } from './rollup.ts'
import { readFacts, type SpanFacts } from './span-facts.ts'
import { Flag } from './span-flags.ts'
import { readSpanKey, wordAt } from './span-key.ts'
import { appendSpan, createSpanTable, findSpan, NONE, Parent, reserveSpan, type SpanKey, spanTableBytes } from './span-table.ts'

/**
 * Pairs spans into calls and adds them up by minute (topology.md §2).
 *
 * Each partition holds its spans of the last `pairWindowMs` of log time in a ring of typed arrays, found by (tenant, trace id, span
 * id). A span that arrives finds its parent and the children that waited for it. Every held span carries what it has counted: the
 * call to it and the call by it. When a neighbour arrives, both are worked out anew; where they differ, the old is taken back and
 * the new counted, in the minute of each, so that sums end up the same in whatever order spans come. What a span learns from
 * neighbours only grows, and nothing but log time and the number of held spans lets one go: state is a pure function of the log.
 */
export interface Topology {
  /**
   * Takes all rows of a batch, in order. Returns 1 for each row whose (trace id, span id) is held already: it changed nothing and
   * must not become a row. With `emit` false (the log is read again after a restart) state changes and no delta is kept.
   */
  add(batch: SpanBatch, options: { emit: boolean }): Uint8Array
  /** The deltas since the last call, as Native blocks by table. */
  take(): { blocks: DeltaBlock[] }
  /** The same as plain rows. */
  takeRows(): DeltaRows
  /** Drops the state of a partition that is no longer ours. */
  forget(topic: string, partition: number): void
  heldSpans(): number
  heldBytes(): number
}

export interface TopologyOptions {
  /** How long a span waits for its partner, in log time. */
  pairWindowMs: number
  maxSpansPerPartition: number
}

interface State {
  options: TopologyOptions
  catalogue: Catalogue
  rollup: Rollup
  pairings: Map<string, Pairing>
  facts: SpanFacts
  /** Names and log time at the last compaction of the catalogue. */
  compacted: { names: number; logTimeMs: number }
}

/** Below this many names nothing is compacted. */
const COMPACT_ABOVE = 50_000

export function createTopology(options: TopologyOptions): Topology {
  const state: State = {
    options,
    catalogue: createCatalogue(),
    rollup: createRollup(),
    pairings: new Map(),
    facts: { flags: 0, peer: NONE, operation: 0 },
    compacted: { names: 0, logTimeMs: 0 },
  }
  const takeRows = (): DeltaRows => {
    const rows = deltaRows(state.rollup, state.catalogue)
    clearRollup(state.rollup)
    compactIfLarge(state)
    return rows
  }
  return {
    add: (batch, { emit }) => addBatch(state, batch, emit),
    take: () => ({ blocks: encodeDeltas(takeRows()) }),
    takeRows,
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

function addBatch(state: State, batch: SpanBatch, emit: boolean): Uint8Array {
  state.rollup.emitting = emit
  const repeats = new Uint8Array(batch.length)
  const resources = createResourceCache(batch)
  let row = 0
  for (let envelope = 0; envelope < batch.envelopes.length; envelope++) {
    const current = batch.envelopes[envelope]!
    const pairing = pairingOf(state, current)
    passTime(state, pairing, current.logTimeMs)
    resources.tenant = tenantId(state.catalogue, current.tenant)
    for (; row < batch.length && batch.envelope[row] === envelope; row++) repeats[row] = addSpan(state, pairing, { batch, row, resources })
  }
  return repeats
}

interface RowPlace {
  batch: SpanBatch
  row: number
  resources: ResourceCache
}

function addSpan(state: State, pairing: Pairing, place: RowPlace): 0 | 1 {
  const { spans, key } = pairing
  const { batch, row } = place
  const copy = batch.envelopes[batch.envelope[row]!]!.linkedCopy
  key.tenant = place.resources.tenant
  readSpanKey(key, batch, row)
  const held = findSpan(spans, key, key.id0, key.id1)
  if (held >= 0 && (copy || (spans.flags[held]! & Flag.copy) === 0)) return 1
  while (spans.size >= state.options.maxSpansPerPartition) dropOldestSpan(pairing)
  reserveSpan(spans)
  const replaced = held >= 0 ? findSpan(spans, key, key.id0, key.id1) : NONE
  const parentAt = batch.parentId[row]!
  const parent = parentAt < 0 ? NONE : findSpan(spans, key, wordAt(batch.bytes, parentAt), wordAt(batch.bytes, parentAt + 4))
  const span = appendSpan(spans, key)
  fillSpan(state, pairing, span, place)
  if (replaced >= 0) replaceCopy(pairing, replaced, span)
  joinSpan(pairing, span, parent === replaced ? NONE : parent)
  joinLinks(pairing, span, batch, row)
  return 0
}

function fillSpan(state: State, pairing: Pairing, span: number, place: RowPlace): void {
  const { spans } = pairing
  const { catalogue, facts } = state
  const { batch, row, resources } = place
  const instance = instanceOf(state, resources, batch, row)
  readFacts(facts, batch, row, { catalogue, scope: catalogue.nodeScope[catalogue.instanceService[instance]!]! })
  const copy = batch.envelopes[batch.envelope[row]!]!.linkedCopy
  const links = batch.linkTo[row]! > batch.linkFrom[row]!
  spans.flags[span] = facts.flags | (copy ? Flag.copy : 0) | (links ? Flag.linked : 0)
  spans.instance[span] = instance
  spans.operation[span] = facts.operation
  spans.peer[span] = facts.peer
  spans.arrivedMs[span] = pairing.logTimeMs
  spans.startUs[span] = finite(batch.startUs[row]!)
  spans.durationNs[span] = Math.max(0, finite(batch.durationNs[row]!))
  spans.bucket[span] = histogramBucket(spans.durationNs[span]!)
  const parentAt = batch.parentId[row]!
  if (parentAt >= 0) {
    spans.parent[span] = Parent.waiting
    spans.parentId0[span] = wordAt(batch.bytes, parentAt)
    spans.parentId1[span] = wordAt(batch.bytes, parentAt + 4)
  }
  if (!copy) touchInstance(state, resources, { instance, resource: batch.resource[row]!, minute: minuteOf(spans.startUs[span]!) })
}

/** Log time of a partition passes: spans older than the window go. */
function passTime(state: State, pairing: Pairing, logTimeMs: number): void {
  const { spans } = pairing
  if (logTimeMs > pairing.logTimeMs) pairing.logTimeMs = logTimeMs
  const oldest = pairing.logTimeMs - state.options.pairWindowMs
  while (spans.size > 0 && spans.arrivedMs[spans.head]! <= oldest) dropOldestSpan(pairing)
}

function pairingName(topic: string, partition: number): string {
  return `${partition} ${topic}`
}

function pairingOf(state: State, envelope: BatchEnvelope): Pairing {
  const name = pairingName(envelope.topic, envelope.partition)
  const known = state.pairings.get(name)
  if (known !== undefined) return known
  const pairing: Pairing = {
    catalogue: state.catalogue,
    rollup: state.rollup,
    spans: createSpanTable(),
    links: createLinkTable(),
    logTimeMs: Number.NEGATIVE_INFINITY,
    draft: { group: NONE, minute: 0, meta: 0 },
    key: emptyKey(),
    target: emptyKey(),
  }
  state.pairings.set(name, pairing)
  return pairing
}

/** Resource of the batch → instance of the tenant, and the minute in which it was last noted as seen. */
interface ResourceCache {
  tenant: number
  instances: Int32Array
  tenants: Int32Array
  minutes: Int32Array
}

function createResourceCache(batch: SpanBatch): ResourceCache {
  const size = batch.resources.length
  return { tenant: 0, instances: new Int32Array(size), tenants: new Int32Array(size).fill(-1), minutes: new Int32Array(size) }
}

function instanceOf(state: State, cache: ResourceCache, batch: SpanBatch, row: number): number {
  const resource = batch.resource[row]!
  if (cache.tenants[resource] !== cache.tenant) {
    cache.instances[resource] = instanceIndex(state.catalogue, cache.tenant, batch.resources[resource]!)
    cache.tenants[resource] = cache.tenant
    cache.minutes[resource] = -1
  }
  return cache.instances[resource]!
}

/** An instance shows in the minutes of all its spans, even of those that are no calls of its service. */
function touchInstance(state: State, cache: ResourceCache, seen: { instance: number; resource: number; minute: number }): void {
  const { rollup, catalogue } = state
  const { instance, resource, minute } = seen
  if (catalogue.unnamed[instance] === true) countNote(rollup, serviceNote(catalogue, instance, NoteId.unnamedService), minute, 1)
  if (cache.minutes[resource] === minute || !rollup.emitting) return
  cache.minutes[resource] = minute
  cellOf(rollup.instances, instance, minute)
}

/** When names have doubled, or a window has passed: then no span is held that was then. */
function compactIfLarge(state: State): void {
  const names = catalogueSize(state.catalogue)
  const pairings = [...state.pairings.values()]
  const logTimeMs = pairings.reduce((newest, pairing) => Math.max(newest, pairing.logTimeMs), 0)
  const { compacted } = state
  if (names <= COMPACT_ABOVE || (names < compacted.names * 2 && logTimeMs - compacted.logTimeMs < state.options.pairWindowMs)) return
  state.catalogue = compactCatalogue(state.catalogue, pairings)
  for (const pairing of pairings) pairing.catalogue = state.catalogue
  state.compacted = { names: catalogueSize(state.catalogue), logTimeMs }
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0
}

function emptyKey(): SpanKey {
  return { tenant: 0, trace0: 0, trace1: 0, trace2: 0, trace3: 0, id0: 0, id1: 0 }
}
