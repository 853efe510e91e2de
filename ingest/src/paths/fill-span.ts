import type { SpanBatch } from '../decode/span-batch.ts'
import { finite, ID_WORDS, PARENT_WORD } from '../facts/read-facts.ts'
import { instanceIndex, peerHere, textHere } from '../topology/catalogue.ts'
import { samplingWeight, wholeWeight } from '../topology/sampling.ts'
import { type Arena, HIGH_NS, type TraceKey } from './arena.ts'
import type { PathDeltas } from './encode-paths.ts'
import { NO_PARENT } from './trace-columns.ts'

export interface RowPlace {
  batch: SpanBatch
  row: number
  instances: Instances
  tenant: string
}

/** A row → its place in an arena. */
export function fillSpan(key: TraceKey, place: { arena: Arena; span: number; stretch: PathDeltas }, from: RowPlace): void {
  const { arena, span, stretch } = place
  const { batch, row } = from
  const { catalogue } = stretch.names
  const instance = instanceOf(from, stretch, key.tenant)
  const scope = catalogue.nodeScope[catalogue.instanceService[instance]!]!
  arena.id0[span] = key.id0
  arena.id1[span] = key.id1
  arena.parent0[span] = batch.ids[row * ID_WORDS + PARENT_WORD]!
  arena.parent1[span] = batch.ids[row * ID_WORDS + PARENT_WORD + 1]!
  arena.flags[span] = batch.facts[row]! | (batch.parentId[row]! < 0 ? NO_PARENT : 0)
  arena.instance[span] = instance
  arena.operation[span] = textHere(catalogue, batch.names, batch.operation[row]!)
  arena.peer[span] = peerHere(catalogue, batch.names, batch.peer[row]!, scope)
  arena.weight[span] = weightOf(key, batch, row)
  arena.startNs[span] = startOf(arena, batch, row)
  arena.durationNs[span] = Math.max(0, finite(batch.durationNs[row]!))
}

/** Of a sampled trace every span says how many it stands for; 1 when nobody says so. */
function weightOf(key: TraceKey, batch: SpanBatch, row: number): number {
  const start = batch.traceStateStart[row]!
  return start < 0 ? 1 : Math.max(1, wholeWeight(samplingWeight(batch.bytes, start, batch.traceStateEnd[row]!), key))
}

/** Exact: both halves of the 64-bit start are taken apart from those of the first span. */
function startOf(arena: Arena, batch: SpanBatch, row: number): number {
  const low = batch.start[row * 2]!
  const high = batch.start[row * 2 + 1]!
  if (arena.originHigh < 0) arena.originHigh = high
  return (high - arena.originHigh) * HIGH_NS + low
}

/** Resource of a batch and stretch → instance of the tenant, so that it is looked up once. */
export interface Instances {
  stretch: PathDeltas | undefined
  tenants: Int32Array
  instances: Int32Array
}

export function createInstances(batch: SpanBatch): Instances {
  return { stretch: undefined, tenants: new Int32Array(batch.resources.length).fill(-1), instances: new Int32Array(batch.resources.length) }
}

export function instanceOf({ batch, row, instances }: RowPlace, stretch: PathDeltas, tenant: number): number {
  if (instances.stretch !== stretch) {
    instances.stretch = stretch
    instances.tenants.fill(-1)
  }
  const resource = batch.resource[row]!
  if (instances.tenants[resource] !== tenant) {
    instances.tenants[resource] = tenant
    instances.instances[resource] = instanceIndex(stretch.names.catalogue, tenant, batch.resources[resource]!)
  }
  return instances.instances[resource]!
}
