import type { Position } from '../contract.ts'
import { LogUnavailableError } from '../errors.ts'
import type { VolumeRecord } from './volume.ts'

/** A record whose offset is not known yet. */
export interface Encoded extends VolumeRecord {
  valueCrc: number
}

/** One append. */
export interface Waiting {
  records: Encoded[]
  bytes: number
  done: PromiseWithResolvers<Position[]>
}

export interface GroupingOptions {
  groupBytes: number
  groupMs: number
  /** Settles every append of the group; never rejects. One at a time. */
  commit: (group: readonly Waiting[]) => Promise<void>
}

export interface Grouping {
  add(records: Encoded[]): Promise<Position[]>
  /** Bytes and number of the appends not yet settled. */
  bytes(): number
  count(): number
  /** Commits what waits; resolves when nothing does. */
  drained(): Promise<void>
  /** Rejects what still waits. */
  refuse(): void
}

/** Appends gather until there are `groupBytes` of them or the first is `groupMs` old; while a commit runs the next group gathers. */
export function createGrouping({ groupBytes, groupMs, commit }: GroupingOptions): Grouping {
  const queue: Waiting[] = []
  let queuedBytes = 0
  let heldBytes = 0
  let held = 0
  let timer: NodeJS.Timeout | null = null
  let running: Promise<void> | null = null

  function take(): Waiting[] {
    let bytes = 0
    let count = 0
    for (const waiting of queue) {
      if (count > 0 && bytes + waiting.bytes > groupBytes) break
      bytes += waiting.bytes
      count++
    }
    queuedBytes -= bytes
    return queue.splice(0, count)
  }

  async function run(): Promise<void> {
    while (queue.length > 0) {
      const group = take()
      await commit(group)
      held -= group.length
      for (const waiting of group) heldBytes -= waiting.bytes
    }
    running = null
  }

  function go(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (queue.length > 0) running ??= run()
  }

  return {
    add: (records) => {
      const bytes = records.reduce((sum, record) => sum + record.bytes.length, 0)
      const waiting: Waiting = { records, bytes, done: Promise.withResolvers() }
      queue.push(waiting)
      queuedBytes += bytes
      heldBytes += bytes
      held++
      if (queuedBytes >= groupBytes) go()
      else if (running === null) timer ??= setTimeout(go, groupMs)
      return waiting.done.promise
    },
    bytes: () => heldBytes,
    count: () => held,
    drained: async () => {
      go()
      await running
    },
    refuse: () => {
      if (timer !== null) clearTimeout(timer)
      for (const waiting of queue.splice(0)) waiting.done.reject(new LogUnavailableError('the log was closed before this append was committed'))
    },
  }
}
