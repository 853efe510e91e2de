import { histogramBucket } from '@skein/schemas/histogram'
import type { SpanBatch } from '../decode/span-batch.ts'
import { finite, ID_WORDS, PARENT_WORD } from '../facts/read-facts.ts'
import { cellOf } from './accumulator.ts'
import { dropOldestSpan, joinLinks, joinSpan, replaceCopy } from './arrival.ts'
import { instanceIndex, NoteId, peerHere, serviceNote, textHere } from './catalogue.ts'
import { proxyOf } from '../facts/naming.ts'
import { PROMPT_MS } from '../rows/late-columns.ts'
import { reownLinks } from './links.ts'
import { learnAddress } from './own-address.ts'
import { minuteOf, type Pairing } from './pairing.ts'
import { countNote } from './rollup.ts'
import { samplingWeight, wholeWeight } from './sampling.ts'
import { NONE, Parent } from './span-columns.ts'
import { Flag } from './span-flags.ts'
import { readSpanKey } from './span-key.ts'
import { appendSpan, findSpan, reserveSpan } from './span-table.ts'
import type { TopologyState } from './topology-state.ts'

/** A row of a batch, whose tenant `resources` knows. */
export interface RowPlace {
  batch: SpanBatch
  row: number
  resources: ResourceCache
  /** Of a stored span that comes back: what it stands for. */
  weight?: number
}

/** 1 for a span that is held already: it changes nothing. */
export function addSpan(state: TopologyState, pairing: Pairing, place: RowPlace): 0 | 1 {
  const { spans, key } = pairing
  const { batch, row } = place
  const copy = batch.envelopes[batch.envelope[row]!]!.linkedCopy
  key.tenant = place.resources.tenant
  readSpanKey(key, batch, row)
  const held = findSpan(spans, key, key.id0, key.id1)
  if (held >= 0 && (copy || (spans.flags[held]! & Flag.copy) === 0)) return 1
  makeRoom(state, pairing, 1)
  if (reserveSpan(spans)) reownLinks(pairing)
  const replaced = held >= 0 ? findSpan(spans, key, key.id0, key.id1) : NONE
  const parentAt = batch.parentId[row]!
  const parent = parentAt < 0 ? NONE : findSpan(spans, key, batch.ids[row * ID_WORDS + PARENT_WORD]!, batch.ids[row * ID_WORDS + PARENT_WORD + 1]!)
  const span = appendSpan(spans, key)
  fillSpan(state, pairing, span, place)
  if (replaced >= 0) replaceCopy(pairing, replaced, span)
  joinSpan(pairing, span, parent === replaced ? NONE : parent)
  joinLinks(pairing, span, batch, row)
  return 0
}

/** Lets the oldest spans go until there is room for so many, or none is left. */
export function makeRoom(state: TopologyState, pairing: Pairing, count: number): void {
  const { spans } = pairing
  while (spans.size > 0 && spans.size + count > state.options.maxSpansPerPartition) pushOut(state, pairing)
}

/** More spans than a partition may hold: the oldest goes before its time. The store has it for its partners, from when it had arrived for certain on. */
function pushOut(state: TopologyState, pairing: Pairing): void {
  const { spans, pushedOut, logTimeMs } = pairing
  const oldest = spans.head
  const arrivedMs = spans.arrivedMs[oldest]!
  const isFound = state.options.lookUps !== undefined && arrivedMs < pushedOut.beforeMs && arrivedMs < logTimeMs - PROMPT_MS
  if (!isFound) countNote(state.rollup, serviceNote(state.catalogue, spans.instance[oldest]!, NoteId.limit), minuteOf(spans.startUs[oldest]!), 1)
  dropOldestSpan(pairing)
}

function fillSpan(state: TopologyState, pairing: Pairing, span: number, place: RowPlace): void {
  const { spans } = pairing
  const { catalogue } = state
  const { batch, row, resources } = place
  const instance = instanceOf(state, resources, batch, row)
  const facts = batch.facts[row]!
  const copy = batch.envelopes[batch.envelope[row]!]!.linkedCopy
  const links = batch.linkTo[row]! > batch.linkFrom[row]!
  spans.flags[span] = facts | (copy ? Flag.copy : 0) | (links ? Flag.linked : 0)
  spans.instance[span] = instance
  spans.operation[span] = textHere(catalogue, batch.names, batch.operation[row]!)
  spans.peer[span] = peerHere(catalogue, batch.names, batch.peer[row]!, catalogue.nodeScope[catalogue.instanceService[instance]!]!)
  spans.arrivedMs[span] = pairing.logTimeMs
  spans.startUs[span] = finite(batch.startUs[row]!)
  spans.durationNs[span] = Math.max(0, finite(batch.durationNs[row]!))
  spans.bucket[span] = histogramBucket(spans.durationNs[span]!)
  const parentAt = batch.parentId[row]!
  if (parentAt >= 0) {
    spans.parent[span] = Parent.waiting
    spans.parentId0[span] = batch.ids[row * ID_WORDS + PARENT_WORD]!
    spans.parentId1[span] = batch.ids[row * ID_WORDS + PARENT_WORD + 1]!
  }
  const traceState = batch.traceStateStart[row]!
  if (traceState >= 0) spans.weight[span] = wholeWeight(samplingWeight(batch.bytes, traceState, batch.traceStateEnd[row]!), pairing.key)
  spans.viewer0[span] = batch.viewer[row * 2]!
  spans.viewer1[span] = batch.viewer[row * 2 + 1]!
  if (place.weight !== undefined) {
    spans.weight[span] = place.weight
    spans.flags[span] = spans.flags[span]! | Flag.restored
    return
  }
  if (batch.address[row]! >= 0) learnAddress(catalogue, instance, batch.names, batch.address[row]!)
  const proxy = resources.proxies[batch.scope[row]!]!
  if (proxy !== '') catalogue.instanceProxy[instance] = proxy
  if (!copy) touchInstance(state, resources, { instance, resource: batch.resource[row]!, minute: minuteOf(spans.startUs[span]!) })
}

/** Resource of the batch → instance of the tenant, and the minute in which it was last noted as seen. */
export interface ResourceCache {
  tenant: number
  instances: Int32Array
  tenants: Int32Array
  minutes: Int32Array
  /** Scope of the batch → proxy software, '' = none. */
  proxies: readonly string[]
}

export function createResourceCache(batch: SpanBatch): ResourceCache {
  const size = batch.resources.length
  return {
    tenant: 0,
    instances: new Int32Array(size),
    tenants: new Int32Array(size).fill(-1),
    minutes: new Int32Array(size),
    proxies: batch.scopes.map(proxyOf),
  }
}

export function instanceOf(state: TopologyState, cache: ResourceCache, batch: SpanBatch, row: number): number {
  const resource = batch.resource[row]!
  if (cache.tenants[resource] !== cache.tenant) {
    cache.instances[resource] = instanceIndex(state.catalogue, cache.tenant, batch.resources[resource]!)
    cache.tenants[resource] = cache.tenant
    cache.minutes[resource] = -1
  }
  return cache.instances[resource]!
}

/** An instance shows in the minutes of all its spans, even of those that are no calls of its service. */
function touchInstance(state: TopologyState, cache: ResourceCache, seen: { instance: number; resource: number; minute: number }): void {
  const { rollup, catalogue } = state
  const { instance, resource, minute } = seen
  if (catalogue.unnamed[instance] === true) countNote(rollup, serviceNote(catalogue, instance, NoteId.unnamedService), minute, 1)
  if (cache.minutes[resource] === minute || !rollup.emitting) return
  cache.minutes[resource] = minute
  cellOf(rollup.instances, instance, minute)
}
