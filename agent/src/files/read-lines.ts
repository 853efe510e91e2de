import { createLine, setBody } from '../lines/body.ts'
import type { LineFormat } from '../lines/line-format.ts'
import { keptBytes } from '../kept-bytes.ts'
import { EMPTY, type Line, type LogWriter, type StreamHead } from '../otlp/log-writer.ts'
import type { Position } from '../positions/position-store.ts'
import type { Counters } from '../send/counters.ts'
import type { ByteSource } from './byte-source.ts'
import { GUARD_BYTES, guardOf, HEAD_BYTES, hasHead } from './fingerprint.ts'

/** Read at a time. */
export const CHUNK_BYTES = 1024 * 1024
/** Of a line without an end this much is looked through before others have their turn. */
const SCAN_BYTES = 64 * CHUNK_BYTES
const NEWLINE = 0x0a

/** How far a file was read, and how it is read on. */
export interface Reading {
  source: ByteSource
  readonly head: StreamHead
  readonly format: LineFormat
  readonly lineBytes: number
  readonly counters: Counters
  /** Room for the guard and a chunk. */
  readonly chunk: Buffer
  readOffset: number
  /** The bytes before `readOffset`; null until they were read after a start. */
  guard: Buffer | null
  /** Up to here a long line has no end. */
  scannedTo: number
  /** Counts what was given back: a read from before it is of the wrong place. */
  returns: number
}

export interface Outcome {
  /** Bytes dealt with, and the last of them. */
  consumed: number
  guard: Buffer
  records: number
  /** The request has no room. */
  full: boolean
  /** What is left waits for more. */
  atEnd: boolean
}

interface Wish {
  size: number
  flush: boolean
  finishing: boolean
  writer: LogWriter
}

/**
 * Writes the next records of a file. 'replaced' when the bytes before the place to read are others than were read, 'returned' when the place
 * changed meanwhile.
 */
export async function readLines(reading: Reading, { position }: { position: Position }, wish: Wish): Promise<Outcome | 'replaced' | 'returned'> {
  const { writer } = wish
  const since = reading.returns
  const bytes = await readChunk(reading, position, wish.size)
  // Before the first bytes there is no guard: they belong to the head that was seen, if that is there still.
  const same = bytes !== null && (reading.readOffset >= HEAD_BYTES || (await hasHead(reading.source, position)))
  if (since !== reading.returns) return 'returned'
  if (!same) return 'replaced'
  const guard = reading.guard ?? EMPTY
  const atEnd = bytes.length < CHUNK_BYTES || reading.readOffset + bytes.length >= wish.size
  if (bytes.length === 0) return { consumed: 0, guard, records: 0, full: false, atEnd: true }
  if (!writer.open(reading.head)) return { consumed: 0, guard, records: 0, full: true, atEnd }
  const outcome = parse(reading, bytes, { ...wish, atEnd })
  const result = outcome.consumed > 0 || outcome.full || atEnd ? outcome : await passLongLine(reading, bytes.length, wish)
  writer.close()
  return result
}

/** Null when the guard before the chunk is not as it was. */
async function readChunk(reading: Reading, position: Position, size: number): Promise<Buffer | null> {
  const { chunk, source, readOffset } = reading
  const guardBytes = reading.guard?.length ?? position.guardBytes
  const wanted = Math.min(CHUNK_BYTES, size - readOffset)
  const read = await source.read(chunk.subarray(0, guardBytes + wanted), readOffset - guardBytes)
  const seen = chunk.subarray(0, guardBytes)
  const same = reading.guard === null ? guardOf(seen) === position.guard : reading.guard.equals(seen)
  if (read < guardBytes || !same) return null
  reading.guard ??= keptBytes(seen)
  return chunk.subarray(guardBytes, read)
}

function parse(reading: Reading, bytes: Buffer, wish: Wish & { atEnd: boolean }): Outcome {
  const { writer, atEnd } = wish
  const outcome: Outcome = { consumed: 0, guard: reading.guard ?? EMPTY, records: 0, full: false, atEnd }
  const holes = holeBytes(reading.guard, bytes)
  const finish = atEnd && wish.finishing
  const flush = finish || (atEnd && wish.flush)
  const part = { bytes: bytes.subarray(holes), offset: reading.readOffset + holes, flush, finish, roomBytes: writer.roomBytes }
  const emit = (line: Line): boolean => {
    outcome.full = !writer.append(line)
    if (outcome.full) return false
    outcome.records++
    if (line.cutBytes > 0) reading.counters.cutLines++
    return true
  }
  outcome.consumed = holes + reading.format.parse(part, emit)
  // What fills a whole chunk and still waits for more waits no longer.
  if (outcome.consumed === holes && !outcome.full && !atEnd) outcome.consumed += reading.format.parse({ ...part, flush: true }, emit)
  if (outcome.consumed > 0) outcome.guard = guardBefore(reading, outcome.consumed)
  return outcome
}

/** A writer that goes on where it was after a truncation leaves a hole at the beginning, which reads as NUL. */
function holeBytes(guard: Buffer | null, bytes: Buffer): number {
  if (bytes[0] !== 0 || guard?.every((byte) => byte === 0) === false) return 0
  let end = 0
  while (end < bytes.length && bytes[end] === 0) end++
  return end
}

function guardBefore({ guard, chunk }: Reading, consumed: number): Buffer {
  const end = (guard?.length ?? 0) + consumed
  return keptBytes(chunk.subarray(Math.max(0, end - GUARD_BYTES), end))
}

/** A line longer than a chunk: looked through to its end, then its beginning is sent, marked with its length. */
async function passLongLine(reading: Reading, readBytes: number, { size, finishing, writer }: Wish): Promise<Outcome | 'returned'> {
  const { source, readOffset, lineBytes } = reading
  const since = reading.returns
  const nothing = { consumed: 0, guard: reading.guard ?? EMPTY, records: 0 }
  const end = await lineEnd(reading, Math.max(reading.scannedTo, readOffset + readBytes), finishing)
  if (typeof end === 'string') return { ...nothing, full: false, atEnd: end === 'none' }
  const consumed = Math.min(end + 1, size) - readOffset
  const [beginning, guard] = [Buffer.allocUnsafe(lineBytes + 4), Buffer.allocUnsafeSlow(GUARD_BYTES)]
  await source.read(beginning, readOffset)
  await source.read(guard, readOffset + consumed - GUARD_BYTES)
  if (since !== reading.returns) return 'returned'
  const line = createLine()
  setBody(line, { bytes: beginning, start: 0, end: beginning.length, valid: false }, lineBytes)
  line.cutBytes = end - readOffset
  line.offset = readOffset
  if (!writer.append(line)) return { ...nothing, full: true, atEnd: false }
  reading.counters.cutLines++
  return { consumed, guard, records: 1, full: false, atEnd: readOffset + consumed >= size }
}

/** Where the line ends; 'none' when it has no end yet, 'later' when there is more to look through. */
async function lineEnd(reading: Reading, from: number, finishing: boolean): Promise<number | 'none' | 'later'> {
  const { source, chunk } = reading
  for (reading.scannedTo = from; reading.scannedTo < from + SCAN_BYTES; ) {
    const bytes = chunk.subarray(0, await source.read(chunk.subarray(0, CHUNK_BYTES), reading.scannedTo))
    const newline = bytes.indexOf(NEWLINE)
    if (newline !== -1) return reading.scannedTo + newline
    reading.scannedTo += bytes.length
    if (bytes.length < CHUNK_BYTES) return finishing ? reading.scannedTo : 'none'
  }
  return 'later'
}
