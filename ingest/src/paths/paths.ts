import { createOutput, type Output } from '@skein/store/native/output'
import type { BatchEnvelope, SpanBatch } from '../decode/span-batch.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'
import { tenantId } from '../topology/catalogue.ts'
import { minuteOf } from '../topology/pairing.ts'
import { readSpanKey } from '../topology/span-key.ts'
import {
  type Arena,
  appendSpan,
  appendTrace,
  arenaBytes,
  createArena,
  emptyArena,
  findTrace,
  IDLE,
  isTrace,
  loseTrace,
  NONE,
  queueTrace,
  type TraceKey,
} from './arena.ts'
import { closeDue, dueSecond } from './close-traces.ts'
import { countPathNote, PathNoteId } from './count-trace.ts'
import { encodePaths, type PathDeltas } from './encode-paths.ts'
import { createInstances, fillSpan, type Instances, instanceOf, type RowPlace } from './fill-span.ts'
import { createPathNames, pathNamesBytes, placeId } from './path-names.ts'
import { clearPathRollup, createPathRollup, pathRollupBytes, usedBytes } from './path-rollup.ts'
import { createPathWork, type PathWork } from './path-work.ts'
import { MAX_TRACE_SPANS } from './trace-columns.ts'

/**
 * Where the time of whole traces goes ([ADR 11](../../../docs/adr/011-bottlenecks.md)), added up by minute while they stream.
 *
 * A trace is closed when no span of it came for five seconds of log time, at the latest a minute after its first; what it adds is a pure
 * function of the spans it then has. A span that comes later opens it again: when it is closed the next time, what it added before, worked
 * out anew from the spans it had then, is taken back. A trace lives for one to three minutes of log time from its first span, to the end
 * of a two-minute stretch that all lives share, so that one that gets spans for ever begins anew at times that do not depend on when
 * reading began: after `PATH_MEMORY_MS` of the log what is held is what it would be had all of it been read.
 */
export interface Paths {
  /** Takes all rows of a batch, in order; rows whose `repeat` is 1 and marked copies are none of its business. With `emit` false only memory is made. */
  add(batch: SpanBatch, repeat: Uint8Array, options: { emit: boolean }): void
  /** What was added and taken back since the last call, as Native blocks: however many batches that were, a row is there once. Good until the next call. */
  take(): { blocks: BuiltBlock[] }
  /** Bytes of what `take` would bring, roughly; 0 for nothing. */
  sumBytes(): number
  /** Of a partition that is no longer ours; with it goes all that was not taken, of the others too. */
  forget(topic: string, partition: number): void
  heldBytes(): number
}

export interface PathsOptions {
  /** Spans held per partition and stretch; more are not looked at, and counted. */
  maxSpansPerPartition: number
}

/** A trace is over when nothing came for so long; later spans are another one. */
const OVER_MS = 60_000
const LIFE_MS = 60_000
const STRETCH_MS = 2 * LIFE_MS
/** How much of the log has to be read again before memory is what it was. */
export const PATH_MEMORY_MS = 3 * STRETCH_MS
const MAX_NAME_BYTES = 64 * 1024 * 1024
/** Memory of a stretch is kept for the next when at least one part of so many was used. */
const SPARE_FILL = 4

interface PartitionPaths {
  logTimeMs: number
  /** By the end of their lives; two at most. */
  arenas: Arena[]
  /** The last one that is over, when it was well filled. */
  spare: Arena | undefined
  /** Where the last span went: those of a trace often come together. */
  lastArena: Arena | undefined
  lastTrace: number
}

interface State {
  options: PathsOptions
  emitting: boolean
  partitions: Map<string, PartitionPaths>
  /** End of lives → names and sums of the traces that end then. */
  stretches: Map<number, PathDeltas>
  work: PathWork
  key: TraceKey
  /** Where rows are written. */
  out: Output
}

export function createPaths(options: PathsOptions): Paths {
  const state: State = {
    ...{ options, emitting: true, partitions: new Map(), stretches: new Map(), work: createPathWork() },
    ...{ key: { tenant: 0, trace0: 0, trace1: 0, trace2: 0, trace3: 0, id0: 0, id1: 0 }, out: createOutput(0) },
  }
  return {
    add(batch, repeat, { emit }) {
      state.emitting = emit
      addBatch(state, batch, repeat)
    },
    take() {
      const blocks = encodePaths([...state.stretches.values()], state.out)
      for (const { rollup } of state.stretches.values()) clearPathRollup(rollup)
      dropStretches(state)
      return { blocks }
    },
    sumBytes: () => [...state.stretches.values()].reduce((sum, { rollup }) => sum + usedBytes(rollup), 0),
    forget(topic, partition) {
      state.partitions.delete(partitionName(topic, partition))
      for (const { rollup } of state.stretches.values()) clearPathRollup(rollup)
    },
    heldBytes: () =>
      state.out.bytes.length +
      [...state.stretches.values()].reduce((sum, { names, rollup }) => sum + pathNamesBytes(names) + pathRollupBytes(rollup), 0) +
      [...state.partitions.values()].reduce(
        (sum, { arenas, spare }) => sum + (spare === undefined ? arenas : [...arenas, spare]).reduce((bytes, arena) => bytes + arenaBytes(arena), 0),
        0,
      ),
  }
}

/** When the lives of traces that begin now end: at the end of the first whole stretch that leaves each at least a life. */
function endOfLife(nowMs: number): number {
  return Math.ceil((nowMs + LIFE_MS) / STRETCH_MS) * STRETCH_MS
}

function addBatch(state: State, batch: SpanBatch, repeat: Uint8Array): void {
  const rows: Rows = { batch, repeat, instances: createInstances(batch) }
  let row = 0
  for (let envelope = 0; envelope < batch.envelopes.length; envelope++) row = addEnvelope(state, rows, { envelope, row })
}

interface Rows {
  batch: SpanBatch
  repeat: Uint8Array
  instances: Instances
}

/** Takes the rows of an envelope, of which `row` is the first, and returns the one behind its last. */
function addEnvelope(state: State, { batch, repeat, instances }: Rows, { envelope, row }: { envelope: number; row: number }): number {
  const from = batch.envelopes[envelope]!
  const partition = partitionOf(state, from)
  passTime(state, partition, from.logTimeMs)
  let at = row
  for (; at < batch.length && batch.envelope[at] === envelope; at++)
    if (repeat[at] !== 1 && !from.linkedCopy) addSpan(state, partition, { batch, row: at, instances, tenant: from.tenant })
  return at
}

function addSpan(state: State, partition: PartitionPaths, place: RowPlace): void {
  const { key } = state
  const { batch, row } = place
  readSpanKey(key, batch, row)
  const arena = liveArena(state, partition, place)
  const trace = partition.lastTrace
  const stretch = state.stretches.get(arena.endMs)!
  if (trace === NONE || arena.count[trace]! >= MAX_TRACE_SPANS || isFull(state, arena, place)) {
    refuse(state, stretch, place)
    return
  }
  arena.nameBytes += nameBytesOf(place)
  fillSpan(key, { arena, span: appendSpan(arena, trace), stretch }, place)
  arena.lastMs[trace] = partition.logTimeMs
  if (arena.nextDue[trace] === IDLE) queueTrace(arena, trace, dueSecond(arena, trace))
}

function isFull({ options }: State, arena: Arena, place: RowPlace): boolean {
  return arena.spans >= options.maxSpansPerPartition || arena.nameBytes + nameBytesOf(place) > MAX_NAME_BYTES
}

function nameBytesOf({ batch, row }: RowPlace): number {
  return batch.nameEnd[row]! - batch.nameStart[row]!
}

/** A span beyond what is held: its trace stays as it is, and the span is counted. */
function refuse(state: State, stretch: PathDeltas, place: RowPlace): void {
  if (!state.emitting) return
  const { names, rollup } = stretch
  const { batch, row } = place
  const tenant = tenantId(names.catalogue, place.tenant)
  const entry = placeId(names, instanceOf(place, stretch, tenant), names.noText)
  countPathNote({ rollup }, { entry, note: PathNoteId.limit, minute: minuteOf(batch.startUs[row]!), sign: 1 })
}

/** The arena in which the trace of `state.key` lives, made when it begins; the trace is then `lastTrace`, NONE when there is no room for one more. */
function liveArena(state: State, partition: PartitionPaths, place: RowPlace): Arena {
  const { key } = state
  const { lastArena } = partition
  if (lastArena !== undefined) {
    key.tenant = tenantId(state.stretches.get(lastArena.endMs)!.names.catalogue, place.tenant)
    if (isTrace(lastArena, partition.lastTrace, key) && !isOver(partition, lastArena, partition.lastTrace)) return lastArena
  }
  for (const arena of partition.arenas) {
    key.tenant = tenantId(state.stretches.get(arena.endMs)!.names.catalogue, place.tenant)
    const trace = findTrace(arena, key)
    if (trace === NONE) continue
    if (!isOver(partition, arena, trace)) return remember(partition, arena, trace)
    loseTrace(arena, trace)
  }
  const arena = newestArena(state, partition)
  key.tenant = tenantId(state.stretches.get(arena.endMs)!.names.catalogue, place.tenant)
  return remember(partition, arena, isFull(state, arena, place) ? NONE : appendTrace(arena, key, partition.logTimeMs))
}

function isOver(partition: PartitionPaths, arena: Arena, trace: number): boolean {
  return partition.logTimeMs - arena.lastMs[trace]! >= OVER_MS
}

function remember(partition: PartitionPaths, arena: Arena, trace: number): Arena {
  partition.lastArena = arena
  partition.lastTrace = trace
  return arena
}

function newestArena(state: State, partition: PartitionPaths): Arena {
  const endMs = endOfLife(partition.logTimeMs)
  const newest = partition.arenas.at(-1)
  if (newest?.endMs === endMs) return newest
  if (!state.stretches.has(endMs)) state.stretches.set(endMs, { names: createPathNames(), rollup: createPathRollup() })
  const second = Math.floor(partition.logTimeMs / 1000)
  const { spare } = partition
  partition.spare = undefined
  const arena = spare === undefined ? createArena(endMs, second) : emptyArena(spare, endMs, second)
  partition.arenas.push(arena)
  return arena
}

/** Log time of a partition passes: traces that are quiet are closed, and lives that are over end. */
function passTime(state: State, partition: PartitionPaths, logTimeMs: number): void {
  if (logTimeMs <= partition.logTimeMs) return
  partition.logTimeMs = logTimeMs
  const nowSecond = Math.floor(logTimeMs / 1000)
  for (const arena of partition.arenas) {
    const over = arena.endMs <= logTimeMs
    if (nowSecond > arena.second || over) closeDue(state, arena, over ? Math.floor(arena.endMs / 1000) : nowSecond)
  }
  if (partition.arenas[0] === undefined || partition.arenas[0].endMs > logTimeMs) return
  const [over] = partition.arenas
  if (over.spans * SPARE_FILL >= over.spanCapacity) partition.spare = over
  partition.arenas = partition.arenas.filter(({ endMs }) => endMs > logTimeMs)
  partition.lastArena = undefined
}

/** Names go with the last partition that has traces of theirs. */
function dropStretches(state: State): void {
  const live = new Set([...state.partitions.values()].flatMap(({ arenas }) => arenas.map(({ endMs }) => endMs)))
  for (const endMs of state.stretches.keys()) if (!live.has(endMs)) state.stretches.delete(endMs)
}

function partitionName(topic: string, partition: number): string {
  return `${partition} ${topic}`
}

function partitionOf(state: State, envelope: BatchEnvelope): PartitionPaths {
  const name = partitionName(envelope.topic, envelope.partition)
  const known = state.partitions.get(name)
  if (known !== undefined) return known
  const made: PartitionPaths = { logTimeMs: 0, arenas: [], spare: undefined, lastArena: undefined, lastTrace: NONE }
  state.partitions.set(name, made)
  return made
}
