import { join } from 'node:path'
import { open } from 'lmdb'

/** Path below `/v1/` that a request is for. */
export type BufferedSignal = 'logs' | 'metrics'

export interface BufferedRequest {
  key: BufferedKey
  body: Buffer
}
/** Its place in order, what it is for, and the disk that it takes. */
export type BufferedKey = readonly [place: number, signal: BufferedSignal, bytes: number]

/** Requests that wait for the collector, on disk: durable once `put` resolved, bounded in bytes, the oldest dropped first. One process owns it. */
export interface DiskBuffer {
  /** Rejects when the disk does not take it; then it is not kept. */
  put(signal: BufferedSignal, body: Buffer): Promise<void>
  oldest(signal: BufferedSignal): BufferedRequest | null
  /** One that was dropped meanwhile is none any more. */
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
  /** One was dropped to make room. */
  dropped: () => void
}

export function openDiskBuffer({ directory, maxBytes, dropped }: DiskBufferOptions): DiskBuffer {
  const env = open<Buffer, [number, BufferedSignal, number]>({
    path: join(directory, 'buffer.mdb'),
    noSubdir: true,
    encoding: 'binary',
    // Visible means durable.
    overlappingSync: false,
  })
  const waiting: BufferedKey[] = [...env.getKeys()]
  let used = waiting.reduce((sum, [, , bytes]) => sum + bytes, 0)
  let next = (waiting.at(-1)?.[0] ?? 0) + 1

  function forget(key: BufferedKey): boolean {
    const at = waiting.indexOf(key)
    if (at === -1) return false
    waiting.splice(at, 1)
    used -= key[2]
    return true
  }

  return {
    get bytes() {
      return used
    },
    async put(signal, body) {
      const bytes = Math.ceil((body.length + ENTRY_BYTES) / PAGE_BYTES) * PAGE_BYTES
      const leaving = firstOf(waiting, used + bytes - maxBytes)
      const key: BufferedKey = [next++, signal, bytes]
      waiting.push(key)
      used += bytes
      for (const each of leaving) {
        forget(each)
        dropped()
      }
      try {
        await committed(
          env.batch(() => {
            for (const each of leaving) void env.remove([...each])
            void env.put([...key], body)
          }),
        )
      } catch (error) {
        forget(key)
        throw error
      }
    },
    oldest(signal) {
      for (const key of waiting) {
        if (key[1] !== signal) continue
        const body = env.get([...key])
        // What is being written is not there yet.
        if (body !== undefined) return { key, body: Buffer.from(body) }
      }
      return null
    },
    async remove(key) {
      if (forget(key)) await committed(env.remove([...key]))
    },
    close: () => env.close(),
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

async function committed(commit: Promise<unknown>): Promise<void> {
  try {
    await commit
  } catch (error) {
    // lmdb rejects a second promise too; unhandled it would end the process.
    ;(error as { commitError?: Promise<never> }).commitError?.catch(() => undefined)
    throw error
  }
}
