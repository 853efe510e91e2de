import type { Assignment, EventLog, StoredRecord, Subscription } from '@skein/eventlog/contract'
import { OwnershipLostError } from '@skein/eventlog/errors'
import { retryUntilDone, StoppedError } from './backoff.ts'
import { type CutRange, cutPlanned, cutRange, fitOneRange, isFull, type LaneLimits } from './cut-range.ts'
import { createCemetery } from './dead-letters.ts'
import { createDelivery, type Delivery, type DeliveryOptions } from './delivery.ts'
import { bringsSums, createHeldSums, type HeldSums, holdSums, withSums } from './held-sums.ts'
import { reasonOf } from './ingest-logger.ts'
import { addCheckpoint, commitOf, openPartition, type Partition, type PlannedRange, queuedRecord } from './partition.ts'
import { roomForCounts } from './plan.ts'
import { createRecall, rememberBefore } from './remember.ts'
import { throttle } from './throttle.ts'
import { type FindSpans, NOTHING_FOUND } from './found-spans.ts'
import type { LateSpans } from './late-spans.ts'
import type { RangeResult } from './range-job.ts'
import type { RangeWorkers } from './range-workers.ts'

export interface LaneOptions extends Omit<DeliveryOptions, 'signal' | 'cemetery'> {
  log: Pick<EventLog, 'append'>
  limits: LaneLimits
  /** How much log time is read again for memory after a start. */
  memoryMs: number
  workers: Pick<RangeWorkers, 'process' | 'rebuild' | 'remember' | 'forget'>
  /** No other lane has the same workers, so that sums which wait may stay with them. */
  ownsWorkers: boolean
  /** Stored spans for partners that come late; none are found unless given. */
  lateSpans?: LateSpans
  /** Resolves once the group is joined; partitions may be assigned before. */
  subscription: Promise<Subscription>
  clock: () => number
  /** Tells the workers what a range is judged by, as far as that changed. */
  learn: () => Promise<void>
}

/** Partitions whose records become ranges together, one after the other: while one is inserted the next is decoded, and a commit ends one and plans the next. */
export interface Lane {
  /** Returns the offset to read from. `end` is the end of the log, where a range is planned. */
  assigned(assignment: Assignment, end: number): number
  records(partition: number, records: readonly StoredRecord[]): Promise<void>
  /** Ends when the range under way is confirmed, or gives up after the deadline; then its partitions are forgotten. */
  stop(deadlineMs: number): Promise<{ remaining: number }>
  /** Rejects for an error that only a new process mends. */
  readonly failed: Promise<never>
  lastRangeAt(): number | null
}

/** A range being inserted; with `sums` it brings all that was held. */
interface Acting {
  cut: CutRange
  sums: boolean
  result: RangeResult
  startedAtMs: number
  endedAtMs: number
  done: Promise<void>
  finished: boolean
}

interface State {
  options: LaneOptions
  delivery: Delivery
  partitions: Map<number, Partition>
  held: HeldSums
  abort: AbortController
  stopping: boolean
  /** Since when something waits that no cut took. */
  waitingSinceMs: number | null
  wake: PromiseWithResolvers<void>
  lastRangeAt: number | null
}

export function createLane(options: LaneOptions): Lane {
  const abort = new AbortController()
  const state: State = {
    options,
    delivery: createDelivery({ ...options, signal: abort.signal, cemetery: createCemetery({ ...options, signal: abort.signal }) }),
    partitions: new Map(),
    held: createHeldSums(),
    abort,
    stopping: false,
    waitingSinceMs: null,
    wake: Promise.withResolvers<void>(),
    lastRangeAt: null,
  }
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined)
  const running = run(state).catch((error: unknown) => {
    if (error instanceof StoppedError) return
    if (error instanceof OwnershipLostError)
      options.logger.warn({ event: 'ownership_lost', topic: options.topic, reason: reasonOf(error) }, 'Partitions went to another owner')
    else failed.reject(error)
  })
  return {
    assigned: (assignment, end) => assign(state, assignment, end),
    records: (partition, records) => receive(state, partition, records),
    stop: (deadlineMs) => stop(state, running, deadlineMs),
    failed: failed.promise,
    lastRangeAt: () => state.lastRangeAt,
  }
}

function assign(state: State, assignment: Assignment, end: number): number {
  const { options } = state
  const { partition, from, lost } = openPartition(assignment, end)
  if (lost > 0) {
    options.metrics.lost(lost)
    options.logger.error(
      { event: 'log_records_lost', topic: options.topic, partition: partition.number, records: lost },
      'The log no longer has records that were not read',
    )
  }
  state.partitions.set(partition.number, partition)
  wake(state)
  return from
}

/** Records below what was committed only make memory again, and sums that are owed; the others wait for their range. */
async function receive(state: State, number: number, records: readonly StoredRecord[]): Promise<void> {
  const { options } = state
  const partition = state.partitions.get(number)
  if (partition === undefined || state.stopping) return
  await rememberBefore(partition, records, { ...options, recall: createRecall(options.topic, options.store), signal: state.abort.signal })
  const queued = records.map(({ offset, value }) => queuedRecord(number, offset, value))
  const old = queued.filter(({ offset }) => offset < partition.live)
  if (old.length > 0) await options.learn()
  const settled = old.filter(({ offset }) => offset < partition.owed)
  for (const [emit, part] of [
    [false, settled],
    [true, old.slice(settled.length)],
  ] as const) {
    if (part.length === 0) continue
    if (emit) state.held.partitions.add(number)
    const result = await options.workers.process(options.topic, emit, part, { find: finder(state, null), holdsSums: options.ownsWorkers })
    partition.logTimeMs = result.logTimes[0]?.logTimeMs ?? partition.logTimeMs
    if (emit) holdSums(state.held, result, [number])
    else partition.owedTimeMs = partition.logTimeMs
  }
  partition.queue.push(...queued.slice(old.length))
  if (partition.queue.length > 0) state.waitingSinceMs ??= options.clock()
  await throttle(state.partitions, options)
  wake(state)
}

async function run(state: State): Promise<void> {
  const { options } = state
  await options.subscription
  let acting: Acting | null = null
  for (;;) {
    const next = await nextRange(state, acting)
    if (next === null) {
      if (acting === null) return
      await acting.done
      await confirm(state, acting, null)
      acting = null
      continue
    }
    const startedAtMs = options.clock()
    await options.learn()
    const range = {
      partitions: next.cut.range.shares.map(({ partition }) => partition),
      planned: next.redo?.sums ?? null,
      mayHold: fitOneRange(options.topic, [...state.partitions.values()]),
      nowMs: startedAtMs,
      sumsMs: options.limits.sumsMs,
    }
    const brings = bringsSums(state.held, range)
    const elsewhere = { roomBytes: roomForCounts(next.cut.range), told: next.redo?.elsewhere ?? null }
    const asked = { find: finder(state, acting), holdsSums: options.ownsWorkers && !brings, elsewhere }
    const all = await options.workers.process(options.topic, true, next.cut.records, asked)
    const { sums, result } = withSums(state.held, all, { ...range, brings })
    await acting?.done
    await confirm(state, acting, { range: next.cut.range, sums, elsewhere: result.elsewhere ?? [] })
    await options.failpoint('planned')
    const planned = { cut: next.cut, sums, result, startedAtMs, endedAtMs: startedAtMs, finished: false }
    acting = act(planned, state.delivery.deliver(next.cut, result, next.redo !== null), state)
    await throttle(state.partitions, options)
  }
}

/** What the ranges before brought is to be found: the one that is still being inserted too. */
function finder({ options, abort }: State, before: Acting | null): FindSpans {
  return async (wants) => {
    await before?.done
    return options.lateSpans === undefined ? NOTHING_FOUND : options.lateSpans(wants, abort.signal)
  }
}

function act(range: Omit<Acting, 'done'>, delivered: Promise<void>, state: State): Acting {
  const acting: Acting = { ...range, done: delivered }
  acting.done = delivered.finally(() => {
    acting.finished = true
    acting.endedAtMs = state.options.clock()
    wake(state)
  })
  // Awaited later; until then a failure must not end the process.
  acting.done.catch(() => undefined)
  return acting
}

interface NextRange {
  cut: CutRange
  /** As it was planned, when a predecessor may have inserted some of it. */
  redo: PlannedRange | null
}

/** The next range to insert; null when the one under way is done and nothing waits, or when the lane stops. */
async function nextRange(state: State, acting: Acting | null): Promise<NextRange | null> {
  const { options } = state
  for (;;) {
    if (state.stopping) return null
    const next = takeNext(state)
    if (next !== null) return next
    if (acting?.finished === true && state.waitingSinceMs === null) return null
    state.wake = Promise.withResolvers<void>()
    const timer =
      state.waitingSinceMs === null ? undefined : setTimeout(state.wake.resolve, Math.max(1, state.waitingSinceMs + options.limits.rangeMs - options.clock()))
    await state.wake.promise
    clearTimeout(timer)
  }
}

/** The planned range first, once all of it was read; else what is due. */
function takeNext(state: State): NextRange | null {
  const { options, partitions } = state
  const redos = [...partitions.values()].flatMap(({ redo }) => redo ?? [])
  const [first] = redos
  const planned = first === undefined ? null : { ...first, elsewhere: redos.flatMap(({ elsewhere }) => elsewhere) }
  const cut = planned === null ? cutWhenDue(state) : cutPlanned(planned.range, partitions)
  if (cut === null) return null
  for (const { partition } of cut.range.shares) clearRedo(partitions.get(partition))
  const waits = [...partitions.values()].some(({ queue }) => queue.length > 0)
  state.waitingSinceMs = waits ? options.clock() : null
  return { cut, redo: planned }
}

function clearRedo(partition: Partition | undefined): void {
  if (partition !== undefined) partition.redo = null
}

function cutWhenDue(state: State): CutRange | null {
  const { options } = state
  const { waitingSinceMs } = state
  if (waitingSinceMs === null) return null
  const partitions = [...state.partitions.values()]
  const due = options.clock() - waitingSinceMs >= options.limits.rangeMs
  return due || isFull(partitions, options.limits) ? cutRange(options.topic, partitions, options.limits) : null
}

function wake(state: State): void {
  state.wake.resolve()
}

/** One durable write: the range before is done, and this one is next. */
async function confirm(state: State, before: Acting | null, next: PlannedRange | null): Promise<void> {
  const { options, partitions } = state
  const touched = new Set(next?.range.shares.map(({ partition }) => partition))
  for (const { partition: number, last } of before?.cut.range.shares ?? []) {
    const partition = partitions.get(number)
    if (partition === undefined) continue
    touched.add(number)
    partition.next = Math.min(last, partition.readable) + 1
    partition.readable = Number.POSITIVE_INFINITY
    partition.logTimeMs = before?.result.logTimes.find((each) => each.partition === number)?.logTimeMs ?? partition.logTimeMs
    addCheckpoint(partition, options.memoryMs, before?.sums === true)
  }
  const commits = [...touched].map((number) => commitOf(partitionOf(state, number), options.topic, next))
  const subscription = await options.subscription
  await retryUntilDone(() => subscription.commit(commits), {
    backoff: options.backoff,
    signal: state.abort.signal,
    permanent: (error) => error instanceof OwnershipLostError || error instanceof RangeError,
    failed: (error, afterMs) =>
      options.logger.warn({ event: 'commit_failed', topic: options.topic, afterMs, reason: reasonOf(error) }, 'The log did not take a commit'),
  })
  if (before === null) return
  state.lastRangeAt = options.clock()
  options.metrics.range(options.topic, before.result, (before.endedAtMs - before.startedAtMs) / 1000)
  await options.failpoint('done')
}

function partitionOf({ partitions, options }: State, number: number): Partition {
  const partition = partitions.get(number)
  if (partition === undefined) throw new OwnershipLostError(`${options.topic} partition ${number} was revoked`)
  return partition
}

async function stop(state: State, running: Promise<void>, deadlineMs: number): Promise<{ remaining: number }> {
  state.stopping = true
  wake(state)
  const timer = setTimeout(() => state.abort.abort(), deadlineMs)
  await running
  clearTimeout(timer)
  for (const { number } of state.partitions.values()) state.options.workers.forget(state.options.topic, number)
  const remaining = [...state.partitions.values()].reduce((sum, { queue }) => sum + queue.length, 0)
  state.partitions.clear()
  return { remaining }
}
