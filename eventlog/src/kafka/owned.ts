import type { Consumer, KafkaMessage } from 'kafkajs'
import type { ConsumeHandler, StoredRecord } from '../contract.ts'
import type { PartitionState } from './offsets.ts'

/** A partition in our hands: what was fetched waits here, so that a slow handler never holds up heartbeats or other partitions. */
export interface Owned {
  topic: string
  partition: number
  committed: number | null
  /** `assigned` has said where to read from. */
  ready: boolean
  leaving: boolean
  /** By the handler. */
  paused: boolean
  /** Next offset to be fetched. */
  expected: number
  queue: Run[]
  queuedBytes: number
  running: Promise<void> | null
  tools: OwnedTools
}

export interface OwnedTools {
  consumer: Consumer
  handler: ConsumeHandler
  /** Fetching rests while so many bytes wait. */
  prefetchBytes: number
  failed: (error: unknown) => void
}

interface Run {
  records: StoredRecord[]
  bytes: number
}

export function createOwned({ topic, partition, committed }: PartitionState, tools: OwnedTools): Owned {
  return { topic, partition, committed, ready: false, leaving: false, paused: false, expected: 0, queue: [], queuedBytes: 0, running: null, tools }
}

export function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`
}

export function enqueue(owned: Owned, messages: readonly KafkaMessage[]): void {
  const records: StoredRecord[] = []
  let bytes = 0
  for (const { offset, value } of messages) {
    const at = Number(offset)
    if (at < owned.expected) continue
    const found = value ?? Buffer.alloc(0)
    records.push({ offset: at, value: found })
    bytes += found.length
    owned.expected = at + 1
  }
  if (records.length === 0) return
  owned.queue.push({ records, bytes })
  owned.queuedBytes += bytes
  setFetching(owned)
  drain(owned)
}

/** Fetches or rests, by what waits and what the handler wants. */
export function setFetching({ paused, queuedBytes, leaving, topic, partition, tools }: Owned): void {
  const at = [{ topic, partitions: [partition] }]
  try {
    if (paused || leaving || queuedBytes >= tools.prefetchBytes) tools.consumer.pause(at)
    else tools.consumer.resume(at)
  } catch {
    // Between a crash of the consumer and its restart there is nothing to tell; the next join begins anew.
  }
}

/** Hands the next run over unless one is there already. */
export function drain(owned: Owned): void {
  if (owned.running !== null || owned.paused || owned.leaving) return
  const run = owned.queue.shift()
  if (run === undefined) return
  owned.running = hand(owned, run.records).then(
    () => {
      owned.running = null
      owned.queuedBytes -= run.bytes
      setFetching(owned)
      drain(owned)
    },
    (error: unknown) => {
      owned.running = null
      owned.tools.failed(error)
    },
  )
}

/** Async, so that a handler that throws rejects. */
async function hand({ topic, partition, tools }: Owned, records: StoredRecord[]): Promise<void> {
  await tools.handler.records(topic, partition, records)
}
