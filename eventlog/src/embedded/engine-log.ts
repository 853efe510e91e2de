import type { EventLog } from '../contract.ts'

export interface EngineLogOptions {
  /** Opened to read what collectors write. */
  read: EventLog
  /** Opened to write `topics`, in a directory of their own: a topic has one writing process. */
  own: EventLog
  topics: readonly string[]
}

/** The log as the engine sees it: it consumes what the collector appends, and appends topics of its own. */
export function createEngineLog({ read, own, topics }: EngineLogOptions): EventLog {
  return {
    partitions: (topic) => (topics.includes(topic) ? own : read).partitions(topic),
    append: (topic, records) => (topics.includes(topic) ? own : read).append(topic, records),
    consume: (from, group, handler) => read.consume(from, group, handler),
    lag: (of, group) => read.lag(of, group),
    probe: () => read.probe(),
    async close(deadlineMs) {
      const unread = await read.close(deadlineMs)
      const unwritten = await own.close(deadlineMs)
      return { remaining: unread.remaining + unwritten.remaining }
    },
  }
}
