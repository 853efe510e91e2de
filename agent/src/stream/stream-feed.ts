import type { Readable } from 'node:stream'
import type { LineFormat } from '../lines/line-format.ts'
import type { StreamHead } from '../otlp/log-writer.ts'
import { type Feed, NOTHING, type Taken } from '../send/feed.ts'

/** Lines that come in through a pipe. What was not acknowledged is held, and at most so much of it: then whoever writes waits. */
export interface StreamFeed extends Feed {
  start(): void
  /** Resolves when the pipe has ended and all of it was delivered. */
  readonly finished: Promise<void>
  stop(): void
}

export interface StreamFeedOptions {
  input: Readable
  head: StreamHead
  format: LineFormat
  /** How long an event waits for more lines; 0 when lines are events. */
  multilineMs: number
  wake: (feed: Feed) => void
}

const HELD_BYTES = 4 * 1024 * 1024

interface Held {
  readonly options: StreamFeedOptions
  /** Bytes from `heldFrom` on, not acknowledged. */
  bytes: Buffer
  heldFrom: number
  readOffset: number
  ended: boolean
  /** Nothing came for as long as an event waits. */
  quiet: boolean
  timer: ReturnType<typeof setTimeout> | null
}

export function createStreamFeed(options: StreamFeedOptions): StreamFeed {
  const { input, wake } = options
  const held: Held = { options, bytes: Buffer.alloc(0), heldFrom: 0, readOffset: 0, ended: false, quiet: options.multilineMs === 0, timer: null }
  const { promise: finished, resolve: finish } = Promise.withResolvers<void>()
  const feed: StreamFeed = {
    finished,
    start() {
      input.on('data', (part: Buffer) => {
        held.bytes = Buffer.concat([held.bytes, part])
        if (held.bytes.length >= HELD_BYTES) input.pause()
        waitForMore(held, () => wake(feed))
        wake(feed)
      })
      const end = (): void => {
        held.ended = true
        wake(feed)
        if (held.bytes.length === 0) finish()
      }
      input.on('end', end)
      input.on('error', end)
    },
    async fill(writer) {
      const chunk = held.bytes.subarray(held.readOffset - held.heldFrom)
      if (chunk.length === 0) return NOTHING
      if (!writer.open(options.head)) return { taken: null, more: true, full: true }
      // What fills all there is room for waits no longer.
      const last = held.ended || (held.bytes.length >= HELD_BYTES && held.readOffset === held.heldFrom)
      let full = false
      let records = 0
      const part = { bytes: chunk, offset: held.readOffset, flush: held.quiet || last, finish: last, roomBytes: writer.roomBytes }
      const consumed = options.format.parse(part, (line) => {
        full = !writer.append(line)
        records += full ? 0 : 1
        return !full
      })
      writer.close()
      return {
        taken: consumed === 0 ? null : take(held, { consumed, records, settled: () => held.ended && held.bytes.length === 0 && finish() }),
        more: full,
        full,
      }
    },
    stop() {
      if (held.timer !== null) clearTimeout(held.timer)
      input.pause()
    },
  }
  return feed
}

function waitForMore(held: Held, done: () => void): void {
  const { multilineMs } = held.options
  if (multilineMs === 0) return
  held.quiet = false
  if (held.timer !== null) clearTimeout(held.timer)
  held.timer = setTimeout(() => {
    held.quiet = true
    done()
  }, multilineMs)
}

function take(held: Held, { consumed, records, settled }: { consumed: number; records: number; settled: () => void }): Taken {
  const from = held.readOffset
  held.readOffset += consumed
  return {
    records,
    bytes: consumed,
    settle() {
      held.bytes = held.bytes.subarray(from + consumed - held.heldFrom)
      held.heldFrom = from + consumed
      if (held.bytes.length < HELD_BYTES) held.options.input.resume()
      settled()
    },
    giveBack() {
      held.readOffset = Math.min(held.readOffset, from)
    },
  }
}
