import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { AgentLogger } from '../agent-deps.ts'
import { keptBytes } from '../kept-bytes.ts'
import { createLine, setBody } from '../lines/body.ts'
import { type Attributes, encodeResource, recordAttributes } from '../otlp/attributes.ts'
import { EMPTY, type LogWriter, type StreamHead } from '../otlp/log-writer.ts'
import type { PositionKeeper } from '../positions/position-keeper.ts'
import { type Feed, NOTHING, type Taken } from '../send/feed.ts'
import { type JournalEntry, readJournalEntry } from './journal-entry.ts'

/** Follows the system's journal, from the entry after the last that was acknowledged. */
export interface JournalFeed extends Feed {
  start(): void
  stop(): void
  /** Why the journal cannot be read; null when it is. */
  readonly trouble: string | null
}

export interface JournalFeedOptions {
  /** What prints the journal: `journalctl`, and what comes before its arguments. */
  command: readonly string[]
  units: readonly string[]
  cursor: string | null
  resource: Attributes
  lineBytes: number
  keeper: PositionKeeper
  logger: AgentLogger
  wake: (feed: Feed) => void
}

/** Entries held: those that were not acknowledged, and what comes while they are under way. */
const HELD_ENTRIES = 10_000
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 30_000
const MAX_HEADS = 1000

interface Following {
  readonly options: JournalFeedOptions
  readonly heads: Map<string, StreamHead>
  /** Not acknowledged; of them `taken` are under way. */
  entries: JournalEntry[]
  taken: number
  cursor: string | null
  child: ChildProcess | null
  paused: (pause: boolean) => void
  waitMs: number
  timer: ReturnType<typeof setTimeout> | null
  stopped: boolean
  trouble: string | null
}

export function createJournalFeed(options: JournalFeedOptions): JournalFeed {
  const following: Following = {
    options,
    heads: new Map(),
    entries: [],
    taken: 0,
    cursor: options.cursor,
    child: null,
    paused: () => undefined,
    waitMs: FIRST_WAIT_MS,
    timer: null,
    stopped: false,
    trouble: null,
  }
  const feed: JournalFeed = {
    start: () => follow(following, feed),
    stop() {
      following.stopped = true
      if (following.timer !== null) clearTimeout(following.timer)
      following.child?.kill()
    },
    get trouble() {
      return following.trouble
    },
    fill: async (writer) => fill(following, writer),
  }
  return feed
}

function follow(following: Following, feed: Feed): void {
  const { options, cursor } = following
  const [command = '', ...before] = options.command
  // Without a place to go on from it begins with what comes now; with one, whoever follows is shown ten entries, and the rest when
  // the next is written, unless all are asked for.
  const from = cursor === null ? ['--lines=0'] : ['--no-tail', `--after-cursor=${cursor}`]
  const args = [...before, '--output=json', '--follow', '--no-pager', '--all', ...from, ...options.units.map((unit) => `--unit=${unit}`)]
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  following.child = child
  let complaint = ''
  child.stderr.on('data', (part: Buffer) => {
    complaint = (complaint + part.toString('utf8')).slice(-500)
  })
  const lines = createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })
  following.paused = (pause) => void (pause ? lines.pause() : lines.resume())
  lines.on('close', () => {
    following.paused = () => undefined
  })
  lines.on('line', (line) => {
    const entry = readJournalEntry(line)
    if (entry === null) return
    following.waitMs = FIRST_WAIT_MS
    following.trouble = null
    following.cursor = entry.cursor
    following.entries.push(entry)
    if (following.entries.length >= HELD_ENTRIES) following.paused(true)
    options.wake(feed)
  })
  child.on('error', (error) => {
    complaint = error.message
  })
  child.on('close', (code) => again(following, feed, complaint.trim() || `it ended with ${code}`))
}

function again(following: Following, feed: Feed, why: string): void {
  following.child = null
  if (following.stopped) return
  if (following.trouble !== why) following.options.logger.warn({ event: 'journal_ended', why }, 'The journal cannot be read; it is tried again')
  following.trouble = why
  following.timer = setTimeout(() => follow(following, feed), following.waitMs)
  following.waitMs = Math.min(following.waitMs * 2, LONGEST_WAIT_MS)
}

function fill(following: Following, writer: LogWriter): Awaited<ReturnType<Feed['fill']>> {
  const { entries, options } = following
  const first = following.taken
  let open: StreamHead | null = null
  let full = false
  while (!full && following.taken < entries.length) {
    const entry = entries[following.taken]
    if (entry === undefined) break
    const head = headOf(following, entry.service)
    if (head !== open) {
      writer.close()
      open = head
      full = !writer.open(head)
    }
    full ||= !writer.append(lineOf(entry, options.lineBytes))
    if (!full) following.taken++
  }
  writer.close()
  const taken = entries.slice(first, following.taken)
  if (taken.length === 0) return full ? { taken: null, more: true, full } : NOTHING
  return { taken: take(following, taken), more: full, full }
}

function lineOf(entry: JournalEntry, lineBytes: number) {
  const line = createLine()
  const bytes = Buffer.from(entry.body)
  setBody(line, { bytes, start: 0, end: bytes.length, valid: true }, lineBytes)
  return Object.assign(line, { timeNs: entry.timeNs, severity: entry.severity, extra: recordAttributes(entry.attributes) })
}

function headOf({ heads, options }: Following, service: string): StreamHead {
  let head = heads.get(service)
  if (head === undefined) {
    if (heads.size >= MAX_HEADS) heads.clear()
    head = { resource: keptBytes(encodeResource({ 'service.name': service, ...options.resource })), attributes: EMPTY, identity: '' }
    heads.set(service, head)
  }
  return head
}

function take(following: Following, taken: readonly JournalEntry[]): Taken {
  return {
    records: taken.length,
    bytes: taken.reduce((sum, { body }) => sum + body.length, 0),
    settle() {
      following.entries.splice(0, taken.length)
      following.taken -= taken.length
      following.options.keeper.keepJournalCursor(taken.at(-1)?.cursor ?? '')
      if (following.entries.length < HELD_ENTRIES) following.paused(false)
    },
    giveBack() {
      following.taken = 0
    },
  }
}
