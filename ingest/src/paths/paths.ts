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
  /** By their ends; two at most. */
  lives: Life[]
  /** The last one that is over, when it was well filled. */
  spare: Arena | undefined
  /** Where the last span went: those of a trace often come together. */
  lastLife: Life | undefined
  lastTrace: number
}

/** Traces whose lives end together. */
interface Life {
  arena: Arena
  stretch: PathDeltas
  /** The tenant that was asked for last, and its number among the names of the stretch. */
  tenant: string | undefined
  tenantId: number
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
        (sum, { lives, spare }) => sum + lives.reduce((bytes, { arena }) => bytes + arenaBytes(arena), spare === undefined ? 0 : arenaBytes(spare)),
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
  const { arena, stretch } = liveOf(state, partition, place)
  const trace = partition.lastTrace
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

/** The life of the trace of `state.key`, which may begin with it; the trace is then `lastTrace`, NONE when there is no room for one more. */
function liveOf(state: State, partition: PartitionPaths, place: RowPlace): Life {
  const { key } = state
  const { lastLife } = partition
  if (lastLife !== undefined) {
    key.tenant = tenantIn(lastLife, place.tenant)
    if (isTrace(lastLife.arena, partition.lastTrace, key) && !isOver(partition, lastLife.arena, partition.lastTrace)) return lastLife
  }
  for (const life of partition.lives) {
    const { arena } = life
    key.tenant = tenantIn(life, place.tenant)
    const trace = findTrace(arena, key)
    if (trace === NONE) continue
    if (!isOver(partition, arena, trace)) return remember(partition, life, trace)
    loseTrace(arena, trace)
  }
  const life = newestLife(state, partition)
  key.tenant = tenantIn(life, place.tenant)
  return remember(partition, life, isFull(state, life.arena, place) ? NONE : appendTrace(life.arena, key, partition.logTimeMs))
}

function tenantIn(life: Life, tenant: string): number {
  if (life.tenant === tenant) return life.tenantId
  life.tenant = tenant
  life.tenantId = tenantId(life.stretch.names.catalogue, tenant)
  return life.tenantId
}

function isOver(partition: PartitionPaths, arena: Arena, trace: number): boolean {
  return partition.logTimeMs - arena.lastMs[trace]! >= OVER_MS
}

function remember(partition: PartitionPaths, life: Life, trace: number): Life {
  partition.lastLife = life
  partition.lastTrace = trace
  return life
}

function newestLife(state: State, partition: PartitionPaths): Life {
  const endMs = endOfLife(partition.logTimeMs)
  const newest = partition.lives.at(-1)
  if (newest?.arena.endMs === endMs) return newest
  const stretch = state.stretches.get(endMs) ?? { names: createPathNames(), rollup: createPathRollup() }
  state.stretches.set(endMs, stretch)
  const second = Math.floor(partition.logTimeMs / 1000)
  const { spare } = partition
  partition.spare = undefined
  const life: Life = { arena: spare === undefined ? createArena(endMs, second) : emptyArena(spare, endMs, second), stretch, tenant: undefined, tenantId: NONE }
  partition.lives.push(life)
  return life
}

/** Log time of a partition passes: traces that are quiet are closed, and lives that are over end. */
function passTime(state: State, partition: PartitionPaths, logTimeMs: number): void {
  if (logTimeMs <= partition.logTimeMs) return
  partition.logTimeMs = logTimeMs
  const nowSecond = Math.floor(logTimeMs / 1000)
  for (const { arena } of partition.lives) {
    const over = arena.endMs <= logTimeMs
    if (nowSecond > arena.second || over) closeDue(state, arena, over ? Math.floor(arena.endMs / 1000) : nowSecond)
  }
  const over = partition.lives[0]?.arena
  if (over === undefined || over.endMs > logTimeMs) return
  if (over.spans * SPARE_FILL >= over.spanCapacity) partition.spare = over
  partition.lives = partition.lives.filter(({ arena }) => arena.endMs > logTimeMs)
  partition.lastLife = undefined
}

/** Names go with the last partition that has traces of theirs. */
function dropStretches(state: State): void {
  const live = new Set([...state.partitions.values()].flatMap(({ lives }) => lives.map(({ arena }) => arena.endMs)))
  for (const endMs of state.stretches.keys()) if (!live.has(endMs)) state.stretches.delete(endMs)
}

function partitionName(topic: string, partition: number): string {
  return `${partition} ${topic}`
}

function partitionOf(state: State, envelope: BatchEnvelope): PartitionPaths {
  const name = partitionName(envelope.topic, envelope.partition)
  const known = state.partitions.get(name)
  if (known !== undefined) return known
  const made: PartitionPaths = { logTimeMs: 0, lives: [], spare: undefined, lastLife: undefined, lastTrace: NONE }
  state.partitions.set(name, made)
  return made
}
