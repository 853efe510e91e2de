import { crc32 } from 'node:zlib'
import type { AppendRecord, EventLog, Position } from '@skein/eventlog/contract'
import { decodeEnvelope, type Envelope } from '@skein/schemas/envelope'

/** A log in memory for tests: what was appended can be read back, and the next appends can be made to fail or wait. */
export interface RecordingLog extends EventLog {
  readonly appended: { topic: string; partition: number; envelope: Envelope }[]
  readonly calls: number
  /** Every append rejects with this until it is null again. */
  failWith(error: Error | null): void
  /** Appends wait until the returned function is called. */
  hold(): () => void
}

export function createRecordingLog(options: { partitions: number }): RecordingLog {
  const appended: RecordingLog['appended'] = []
  let calls = 0
  let failure: Error | null = null
  let gate: Promise<void> | null = null

  function unused(): never {
    throw new Error('a collector does not read the log')
  }

  return {
    appended,
    get calls() {
      return calls
    },
    failWith(error) {
      failure = error
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return () => {
        gate = null
        resolve()
      }
    },
    async partitions() {
      return options.partitions
    },
    async append(topic: string, records: readonly AppendRecord[]): Promise<Position[]> {
      calls++
      if (gate !== null) await gate
      if (failure !== null) throw failure
      return records.map(({ partition, value }) => {
        appended.push({ topic, partition, envelope: decodeEnvelope(Buffer.from(value), crc32) })
        return { partition, offset: appended.length }
      })
    },
    async probe() {
      if (failure !== null) throw failure
    },
    consume: unused,
    lag: unused,
    async close() {
      return { remaining: 0 }
    },
  }
}
