import { LogAttribute } from '@skein/schemas/log'
import { recordAttributes } from '../otlp/attributes.ts'
import { EMPTY, type Line } from '../otlp/log-writer.ts'
import { createLine, setBody } from './body.ts'
import { type ContainerLine, type ReadContainerLine, readerFor } from './container-line.ts'
import { type Chunk, eachLine, type Emit, type LineFormat, type LineLimits, linesEnd } from './line-format.ts'
import type { StartsEvent } from './multiline.ts'

type Stream = ContainerLine['stream']

/** Output that becomes one record: pieces that runtimes cut, and further lines of an event. */
interface Event {
  /** Places in the chunk of its first byte and behind its last piece. */
  start: number
  end: number
  /** Null for a line that no runtime wrote. */
  stream: Stream | null
  timeNs: bigint
  lastNs: bigint
  parts: Buffer[]
  partBytes: number
  /** The last piece did not end its line. */
  midLine: boolean
  closed: boolean
}

export interface ContainerFormatOptions extends LineLimits {
  /** Null looks at the first line. */
  read: ReadContainerLine | null
  starts: StartsEvent | null
  /** How long, in the log's own time, an event waits for more while the other stream goes on. */
  multilineMs: number
}

const NEWLINE_PART = Buffer.from('\n')
const STREAM_ATTRIBUTES: Readonly<Record<Stream, Buffer>> = {
  stdout: recordAttributes({ [LogAttribute.stream]: 'stdout' }),
  stderr: recordAttributes({ [LogAttribute.stream]: 'stderr' }),
}
/** What a record needs beyond its body and the attributes of its file. */
const RECORD_SLACK_BYTES = 4096

/**
 * Logs that a container runtime writes: both streams in one file, long lines in pieces. Records go out in order of their first bytes, and a chunk is
 * dealt with up to a place that no record lies across; so a restart there sees each piece once.
 */
export function createContainerFormat(options: ContainerFormatOptions): LineFormat {
  const line = createLine()
  let { read } = options
  return {
    parse(chunk, emit) {
      const events: Event[] = []
      const send = (event: Event): boolean => sendEvent(line, event, { chunk, emit, limits: options })
      let dealtWith = 0
      let room = true
      eachLine(chunk.bytes, linesEnd(chunk), (start, lineEnd, end) => {
        const raw = chunk.bytes.subarray(start, lineEnd)
        read ??= readerFor(raw)
        const output = read?.(chunk.bytes, start, lineEnd) ?? null
        if (output === null) events.push(strange(raw, { start, end, lineBytes: options.lineBytes }))
        else take(events, { output, start, end }, options)
        room = release(events, chunk, send)
        dealtWith = events[0]?.start ?? end
        return room
      })
      if (!room || !(chunk.flush || chunk.finish)) return dealtWith
      for (const event of events) event.closed = true
      release(events, chunk, send)
      return events[0]?.start ?? linesEnd(chunk)
    },
  }
}

function sendEvent(line: Line, event: Event, { chunk, emit, limits }: { chunk: Chunk; emit: Emit; limits: LineLimits }): boolean {
  const bytes = event.parts.length === 1 ? (event.parts[0] ?? EMPTY) : Buffer.concat(event.parts)
  setBody(line, { bytes, start: 0, end: bytes.length, valid: false }, limits.lineBytes)
  if (event.partBytes > bytes.length) line.cutBytes = event.partBytes
  if (line.start === line.end) {
    limits.blank()
    return true
  }
  line.offset = chunk.offset + event.start
  line.timeNs = event.timeNs
  line.extra = event.stream === null ? EMPTY : STREAM_ATTRIBUTES[event.stream]
  return emit(line)
}

/** Sends whole groups of records from the front and takes them out; false when there is no room. */
function release(events: Event[], chunk: Chunk, send: (event: Event) => boolean): boolean {
  let { roomBytes } = chunk
  for (let size = firstGroup(events); size > 0; size = firstGroup(events)) {
    const group = events.slice(0, size)
    const bytes = group.reduce((sum, event) => sum + event.partBytes + RECORD_SLACK_BYTES, 0)
    // Records that lie over each other go together or not at all.
    if (size > 1 && bytes > roomBytes) return false
    roomBytes -= bytes
    for (const event of group) if (!send(event)) return false
    events.splice(0, size)
  }
  return true
}

/** How many events from the front are whole and lie over none after them; 0 when one of them still waits. */
function firstGroup(events: readonly Event[]): number {
  let reach = 0
  for (const [index, event] of events.entries()) {
    if (index > 0 && event.start >= reach) return index
    if (!event.closed) return 0
    reach = Math.max(reach, event.end)
  }
  return events.length
}

function take(events: Event[], piece: { output: ContainerLine; start: number; end: number }, options: ContainerFormatOptions): void {
  const { output, start, end } = piece
  closeOthers(events, output, options.multilineMs)
  const open = events.findLast((event) => !event.closed && event.stream === output.stream)
  const further = open !== undefined && goesOn(open, output, options)
  const event = further ? open : newEvent(start, end, output)
  if (!further) {
    if (open !== undefined) open.closed = true
    events.push(event)
  } else if (!event.midLine) addPart(event, NEWLINE_PART, options.lineBytes)
  addPart(event, output.content, options.lineBytes)
  event.end = end
  event.lastNs = output.timeNs
  event.midLine = output.partial
  if (options.starts === null && !output.partial) event.closed = true
}

/** An event of the other stream waits for more no longer than the log's own time says. */
function closeOthers(events: readonly Event[], { stream, timeNs }: ContainerLine, multilineMs: number): void {
  if (events.length === 0) return
  const waitNs = BigInt(multilineMs) * 1_000_000n
  for (const event of events) if (event.stream !== stream && timeNs - event.lastNs > waitNs) event.closed = true
}

function goesOn(open: Event, next: ContainerLine, { starts, lineBytes }: ContainerFormatOptions): boolean {
  if (open.midLine) return true
  if (starts === null || open.partBytes + next.content.length + 1 > lineBytes) return false
  return !starts(next.content, 0, next.content.length)
}

/** A line that no runtime wrote is a record as it is. */
function strange(raw: Buffer, { start, end, lineBytes }: { start: number; end: number; lineBytes: number }): Event {
  const event = newEvent(start, end, null)
  addPart(event, raw, lineBytes)
  event.closed = true
  return event
}

function newEvent(start: number, end: number, output: ContainerLine | null): Event {
  const timeNs = output?.timeNs ?? 0n
  return { start, end, stream: output?.stream ?? null, timeNs, lastNs: timeNs, parts: [], partBytes: 0, midLine: false, closed: false }
}

/** What is beyond a line's limit is counted, not kept. */
function addPart(event: Event, part: Buffer, lineBytes: number): void {
  const room = lineBytes + 4 - event.partBytes
  if (room > 0) event.parts.push(part.length > room ? part.subarray(0, room) : part)
  event.partBytes += part.length
}
