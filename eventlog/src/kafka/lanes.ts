import type { AppendRecord, Position } from '../contract.ts'
import { LogUnavailableError } from '../errors.ts'

/** The records of one partition in one send: they become one record batch at the broker. */
export interface LaneBatch {
  topic: string
  partition: number
  values: Uint8Array[]
}

export interface LanesOptions {
  /** Resolves with the first offset of each batch, in their order. */
  send: (batches: readonly LaneBatch[]) => Promise<number[]>
  /** What a failed send says to its appends. */
  refusal: (error: unknown) => Error
  /** Largest record batch. A single record may be as large. */
  batchBytes: number
  /** Largest send, over all its partitions. */
  sendBytes: number
  sends: number
  lingerMs: number
  /** An append not confirmed by then is rejected; what of it was sent may be stored. */
  deadlineMs: number
  pendingBytes: number
}

/** Sends appends in batches: each partition has one send under way at a time, so that a retry cannot change its order. */
export interface Lanes {
  append(topic: string, records: readonly AppendRecord[]): Promise<Position[]>
}

interface Append {
  positions: Position[]
  left: number
  settled: boolean
  done: PromiseWithResolvers<Position[]>
  timer: NodeJS.Timeout | undefined
}

interface Item {
  append: Append
  index: number
  value: Uint8Array
}

interface Lane {
  topic: string
  partition: number
  queue: Item[]
  busy: boolean
}

interface State {
  options: LanesOptions
  lanes: Map<string, Lane>
  waiting: Set<Append>
  queuedBytes: number
  heldBytes: number
  sending: number
  timer: NodeJS.Timeout | null
}

export function createLanes(options: LanesOptions): Lanes {
  const state: State = { options, lanes: new Map(), waiting: new Set(), queuedBytes: 0, heldBytes: 0, sending: 0, timer: null }
  return {
    append: (topic, records) => enqueue(state, topic, records),
  }
}

function enqueue(state: State, topic: string, records: readonly AppendRecord[]): Promise<Position[]> {
  const { options } = state
  const bytes = records.reduce((sum, { value }) => sum + value.length, 0)
  if (state.waiting.size > 0 && state.heldBytes + bytes > options.pendingBytes) {
    return Promise.reject(new LogUnavailableError(`${state.heldBytes} bytes already wait for Kafka`))
  }
  const append: Append = { positions: [], left: records.length, settled: false, done: Promise.withResolvers(), timer: undefined }
  append.timer = setTimeout(() => expire(state, append), options.deadlineMs)
  state.waiting.add(append)
  for (const [index, { partition, value }] of records.entries()) laneOf(state, topic, partition).queue.push({ append, index, value })
  state.queuedBytes += bytes
  state.heldBytes += bytes
  if (state.queuedBytes >= options.batchBytes) dispatch(state)
  else state.timer ??= setTimeout(() => dispatch(state), options.lingerMs)
  return append.done.promise
}

function laneOf(state: State, topic: string, partition: number): Lane {
  const key = `${topic}/${partition}`
  let lane = state.lanes.get(key)
  if (lane === undefined) {
    lane = { topic, partition, queue: [], busy: false }
    state.lanes.set(key, lane)
  }
  return lane
}

function settle(state: State, append: Append, error: Error | null): void {
  if (append.settled) return
  append.settled = true
  clearTimeout(append.timer)
  state.waiting.delete(append)
  if (error === null) append.done.resolve(append.positions)
  else append.done.reject(error)
}

/** What was not sent yet never will be. */
function expire(state: State, append: Append): void {
  settle(state, append, new LogUnavailableError(`Kafka did not confirm within ${state.options.deadlineMs} ms`))
  for (const lane of state.lanes.values()) {
    if (!lane.queue.some((item) => item.append === append)) continue
    for (const item of lane.queue) if (item.append === append) release(state, item)
    lane.queue = lane.queue.filter((item) => item.append !== append)
  }
}

function release(state: State, item: Item): void {
  state.queuedBytes -= item.value.length
  state.heldBytes -= item.value.length
}

function dispatch(state: State): void {
  if (state.timer !== null) clearTimeout(state.timer)
  state.timer = null
  while (state.sending < state.options.sends) {
    const taken = collect(state)
    if (taken.length === 0) return
    void sendTaken(state, taken)
  }
}

interface Taken {
  lane: Lane
  items: Item[]
}

/** As much as one send may hold from the partitions that have none under way. Lanes that were served go to the end. */
function collect(state: State): Taken[] {
  const { batchBytes, sendBytes } = state.options
  const taken: Taken[] = []
  let total = 0
  for (const [key, lane] of [...state.lanes]) {
    if (lane.busy || lane.queue.length === 0) continue
    if (total >= sendBytes) break
    const items = takeBatch(state, lane, batchBytes)
    if (items.length === 0) continue
    total += items.reduce((sum, { value }) => sum + value.length, 0)
    lane.busy = true
    state.lanes.delete(key)
    state.lanes.set(key, lane)
    taken.push({ lane, items })
  }
  state.queuedBytes -= total
  return taken
}

function takeBatch(state: State, lane: Lane, batchBytes: number): Item[] {
  const items: Item[] = []
  let bytes = 0
  let count = 0
  for (const item of lane.queue) {
    if (item.append.settled) {
      release(state, item)
    } else {
      if (items.length > 0 && bytes + item.value.length > batchBytes) break
      bytes += item.value.length
      items.push(item)
    }
    count++
  }
  lane.queue.splice(0, count)
  return items
}

async function sendTaken(state: State, taken: readonly Taken[]): Promise<void> {
  state.sending++
  try {
    const bases = await state.options.send(
      taken.map(({ lane, items }) => ({ topic: lane.topic, partition: lane.partition, values: items.map(({ value }) => value) })),
    )
    for (const [at, { lane, items }] of taken.entries()) {
      for (const [within, { append, index }] of items.entries()) {
        append.positions[index] = { partition: lane.partition, offset: (bases[at] as number) + within }
        append.left--
        if (append.left === 0) settle(state, append, null)
      }
    }
  } catch (error) {
    const refusal = state.options.refusal(error)
    for (const { items } of taken) for (const { append } of items) settle(state, append, refusal)
  }
  state.sending--
  for (const { lane, items } of taken) {
    lane.busy = false
    for (const { value } of items) state.heldBytes -= value.length
  }
  dispatch(state)
}
