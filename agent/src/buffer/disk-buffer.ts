import { join } from 'node:path'
import { commit, openDurable } from '@skein/lmdb/durable'
import type { AgentSignal } from '../send/counters.ts'

export interface BufferedRequest {
  key: BufferedKey
  body: Buffer
}
/** Its place in order, what it is for, the disk that it takes, and its records or data points. */
export type BufferedKey = readonly [place: number, signal: AgentSignal, bytes: number, records: number]

/**
 * Requests that wait for the collector, on disk: durable once `put` resolved, bounded in bytes, the oldest dropped first. What is known here is what the
 * disk has: a change counts when it is durable, one after the other. One process owns it.
 */
export interface DiskBuffer {
  /** Rejects when the disk does not take it; then it is not kept, and nothing left for it. One that is larger than all there is room for is dropped. */
  put(signal: AgentSignal, body: Buffer, records: number): Promise<void>
  /** Throws what LMDB does when the file cannot be read. */
  oldest(signal: AgentSignal): BufferedRequest | null
  /** Rejects when the disk does not take it; then it is there still. One that was dropped meanwhile is none any more. */
  remove(key: BufferedKey): Promise<void>
  /** Disk in use, in whole pages. */
  readonly bytes: number
  close(): Promise<void>
}

const PAGE_BYTES = 4096
/** Of a key and its entry in a page. */
const ENTRY_BYTES = 64

export interface DiskBufferOptions {
  directory: string
  maxBytes: number
  /** One was dropped for want of room. */
  dropped: (key: BufferedKey) => void
  /** Stands in for the file in tests. */
  open?: (path: string) => BufferFile
}

/** The part of an LMDB database that is used. */
export interface BufferFile {
  getKeys(): Iterable<BufferedKey>
  get(key: BufferedKey): Buffer | undefined
  /** Durable when it resolves; of one that rejects nothing is kept. */
  change(change: { remove: readonly BufferedKey[]; put?: { key: BufferedKey; body: Buffer } }): Promise<void>
  close(): Promise<void>
}

export function openDiskBuffer({ directory, maxBytes, dropped, open: openFile = openBufferFile }: DiskBufferOptions): DiskBuffer {
  const file = openFile(join(directory, 'buffer.mdb'))
  const waiting: BufferedKey[] = [...file.getKeys()]
  let used = waiting.reduce((sum, [, , bytes]) => sum + bytes, 0)
  let next = (waiting.at(-1)?.[0] ?? 0) + 1
  let last: Promise<void> = Promise.resolve()

  /** After what was asked for before it. */
  function alone(work: () => Promise<void>): Promise<void> {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }

  function forget(key: BufferedKey): void {
    waiting.splice(waiting.indexOf(key), 1)
    used -= key[2]
  }

  return {
    get bytes() {
      return used
    },
    put: (signal, body, records) =>
      alone(async () => {
        const bytes = Math.ceil((body.length + ENTRY_BYTES) / PAGE_BYTES) * PAGE_BYTES
        const key: BufferedKey = [next++, signal, bytes, records]
        if (bytes > maxBytes) return dropped(key)
        const leaving = firstOf(waiting, used + bytes - maxBytes)
        await file.change({ remove: leaving, put: { key, body } })
        waiting.push(key)
        used += bytes
        for (const each of leaving) {
          forget(each)
          dropped(each)
        }
      }),
    oldest(signal) {
      const key = waiting.find((each) => each[1] === signal)
      const body = key === undefined ? undefined : file.get(key)
      return key === undefined || body === undefined ? null : { key, body }
    },
    remove: (key) =>
      alone(async () => {
        if (!waiting.includes(key)) return
        await file.change({ remove: [key] })
        forget(key)
      }),
    async close() {
      await last
      await file.close()
    },
  }
}

/** The oldest that together take at least so many bytes, or all. */
function firstOf(waiting: readonly BufferedKey[], bytes: number): BufferedKey[] {
  const first: BufferedKey[] = []
  let freed = 0
  for (const key of waiting) {
    if (freed >= bytes) break
    first.push(key)
    freed += key[2]
  }
  return first
}

export function openBufferFile(path: string): BufferFile {
  const env = openDurable<Buffer, [...BufferedKey]>({ path, noSubdir: true, encoding: 'binary' })
  return {
    getKeys: () => env.getKeys(),
    get(key) {
      const body = env.get([...key])
      // The memory is the database's own.
      return body === undefined ? undefined : Buffer.from(body)
    },
    async change({ remove, put }) {
      await commit(path, put?.body.length ?? 0, () =>
        env.batch(() => {
          for (const each of remove) void env.remove([...each])
          if (put !== undefined) void env.put([...put.key], put.body)
        }),
      )
    },
    close: () => env.close(),
  }
}
