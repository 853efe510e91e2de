import { EMPTY, type LogWriter } from '../otlp/log-writer.ts'
import type { PositionKeeper } from '../positions/position-keeper.ts'
import type { Position } from '../positions/position-store.ts'
import { type Feed, type Filled, NOTHING, type Taken } from '../send/feed.ts'
import type { ByteSource } from './byte-source.ts'
import { GUARD_BYTES, guardOf, HEAD_BYTES, hasHead, headOf } from './fingerprint.ts'
import { CHUNK_BYTES, type Outcome, type Reading, readLines } from './read-lines.ts'

/** A file being followed, known by its identity; its name and what it is read from may change. */
export interface TailedFile extends Feed {
  readonly identity: string
  /** Where its bytes are read; what is unpacked is read forward only, by the file itself. */
  readonly source: ByteSource
  /** As last acknowledged. */
  readonly position: Position
  /** Unread bytes begin here. */
  readonly readOffset: number
  /** Nothing of it is under way. */
  readonly idle: boolean
  /** It was finished and all of it was taken. */
  readonly exhausted: boolean
  path: string
  /** When the name led elsewhere or nowhere, by the monotonic clock; null while it leads here. */
  lostNameMs: number | null
  size: number
  grownMs: number
  /** When it was looked at last. */
  lookedMs: number
  /** No more is to be expected: a last line without an end is whole, and the last event too. */
  finishing: boolean
  /** What is left of it cannot be read, ever. */
  abandoned: boolean
  /** Its bytes are not there at the moment: nothing is read before `moveTo`. */
  suspended: boolean
  /** What the file system says about it; null for what has no file of its own. */
  stat(): ReturnType<ByteSource['stat']>
  /** Whether filling may bring something that it did not before. */
  hasNews(nowMs: number): boolean
  /** Tells how large it is now. */
  saw(size: number, mtimeMs: number, nowMs: number): void
  /** Reads on from another place that holds the same bytes. Closes the source before. */
  moveTo(source: ByteSource, place: { path: string; device: number; inode: number; size: number }): Promise<void>
  close(): Promise<void>
}

export interface TailedFileOptions extends Omit<Reading, 'source' | 'guard' | 'readOffset' | 'scannedTo' | 'returns'> {
  source: ByteSource
  position: Position
  size: number
  /** How long an event waits for more lines; null when lines are events. */
  multilineMs: number | null
  nowMs: () => number
  keeper: PositionKeeper
  /** The bytes before the place to read are not those that were read. */
  replaced(file: TailedFile): void
  failed(file: TailedFile, error: unknown): void
}

interface Tailing {
  readonly options: TailedFileOptions
  readonly file: TailedFile
  readonly reading: Reading
  pending: number
  filling: boolean
  closed: boolean
  /** The size at which nothing whole was left, and whether what waited for more was taken too. */
  triedSize: number
  triedFlush: boolean
  triedFinish: boolean
  /** Whether the bytes before the place to read are the same has to be looked at. */
  doubtful: boolean
}

export function createTailedFile(options: TailedFileOptions): TailedFile {
  const { nowMs, source } = options
  const position = { ...options.position }
  const reading: Reading = { ...options, source, guard: null, readOffset: position.offset, scannedTo: 0, returns: 0 }
  const file: TailedFile = {
    identity: position.identity,
    position,
    path: position.path,
    lostNameMs: null,
    get source() {
      return reading.source
    },
    size: options.size,
    grownMs: nowMs(),
    lookedMs: Number.NEGATIVE_INFINITY,
    finishing: false,
    abandoned: false,
    suspended: false,
    get readOffset() {
      return reading.readOffset
    },
    get idle() {
      return tailing.pending === 0 && !tailing.filling
    },
    get exhausted() {
      return file.finishing && (reading.readOffset >= file.size || (tailing.triedSize === file.size && tailing.triedFinish))
    },
    stat: () => (tailing.closed ? null : reading.source.stat()),
    hasNews: (now) => hasNews(tailing, now),
    saw(size, mtimeMs, now) {
      // Smaller, or of the same size and yet written to: perhaps it was truncated and has grown back.
      tailing.doubtful ||= size < file.size || (size === file.size && mtimeMs !== position.mtimeMs)
      position.mtimeMs = mtimeMs
      if (size === file.size) return
      file.size = size
      file.grownMs = now
    },
    moveTo: (next, place) => moveTo(tailing, next, place),
    fill: (writer) => fill(tailing, writer),
    async close() {
      tailing.closed = true
      await reading.source.close()
    },
  }
  const tailing: Tailing = {
    options,
    file,
    reading,
    pending: 0,
    filling: false,
    closed: false,
    triedSize: -1,
    triedFlush: false,
    triedFinish: false,
    doubtful: false,
  }
  return file
}

function hasNews(tailing: Tailing, nowMs: number): boolean {
  const { file, reading, options } = tailing
  if (file.suspended || file.abandoned) return false
  if (tailing.doubtful) return true
  if (reading.readOffset >= file.size) return false
  if (file.size !== tailing.triedSize) return true
  if (file.finishing) return !tailing.triedFinish
  return options.multilineMs !== null && !tailing.triedFlush && nowMs - file.grownMs >= options.multilineMs
}

async function moveTo(tailing: Tailing, next: ByteSource, place: { path: string; device: number; inode: number; size: number }): Promise<void> {
  const { file, reading } = tailing
  const { path, device, inode, size } = place
  const before = reading.source
  reading.source = next
  Object.assign(file.position, { path, device, inode })
  Object.assign(file, { path, size, suspended: false })
  tailing.triedSize = -1
  await before.close()
}

async function fill(tailing: Tailing, writer: LogWriter): Promise<Filled> {
  const { file, options } = tailing
  if (tailing.closed || file.suspended || file.abandoned) return NOTHING
  tailing.filling = true
  tailing.doubtful = false
  try {
    return await fillFrom(tailing, writer)
  } catch (error) {
    options.failed(file, error)
    return NOTHING
  } finally {
    tailing.filling = false
  }
}

async function fillFrom(tailing: Tailing, writer: LogWriter): Promise<Filled> {
  const { file, options, reading } = tailing
  const flush = options.multilineMs === null || options.nowMs() - file.grownMs >= options.multilineMs
  const { size, finishing } = file
  const same = await growHead(tailing)
  if (same && !options.keeper.isDurable(file.position)) return NOTHING
  const outcome = same ? await readLines(reading, file, { size, flush, finishing, writer }) : 'replaced'
  if (outcome === 'replaced') {
    options.replaced(file)
    return NOTHING
  }
  if (outcome === 'returned') return { taken: null, more: true, full: false }
  if (outcome.atEnd && !outcome.full) Object.assign(tailing, { triedSize: size, triedFlush: flush, triedFinish: finishing })
  const taken = outcome.consumed === 0 ? null : take(tailing, outcome)
  return { taken, more: outcome.full || !outcome.atEnd, full: outcome.full }
}

/** A short file is known by all of it, as it grows to a KiB. False when it is not the same file. */
async function growHead({ file, reading, options }: Tailing): Promise<boolean> {
  const { position } = file
  if (position.headBytes === HEAD_BYTES || file.size <= position.headBytes) return true
  const now = await headOf(reading.source)
  if (now.headBytes < position.headBytes || !(await hasHead(reading.source, position))) return false
  Object.assign(position, now)
  // Until something was acknowledged nothing else tells after a restart what was sent under the identity.
  if (position.offset === 0) options.keeper.keep(position)
  return true
}

function take(tailing: Tailing, { consumed, records, guard: after }: Outcome): Taken {
  const { reading, file, options } = tailing
  const { guard: before, readOffset: from } = reading
  const to = from + consumed
  reading.readOffset = to
  reading.guard = after
  tailing.pending++
  return {
    records,
    bytes: consumed,
    settle() {
      tailing.pending--
      Object.assign(file.position, { offset: to, guard: guardOf(after), guardBytes: after.length, path: file.path })
      options.keeper.keep(file.position)
    },
    giveBack() {
      tailing.pending--
      reading.returns++
      if (from > reading.readOffset) return
      reading.readOffset = from
      reading.guard = before ?? EMPTY
      tailing.triedSize = -1
    },
  }
}

/** Files are read one after the other into the same memory. */
export function createChunkBuffer(): Buffer {
  return Buffer.allocUnsafe(GUARD_BYTES + CHUNK_BYTES)
}
