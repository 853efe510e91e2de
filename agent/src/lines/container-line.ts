import { parseRfc3339 } from './rfc3339.ts'

/** What a container runtime wrote about one piece of output. */
export interface ContainerLine {
  stream: 'stdout' | 'stderr'
  timeNs: bigint
  /** The line goes on in the next piece of its stream. */
  partial: boolean
  content: Buffer
}

export type ReadContainerLine = (bytes: Buffer, start: number, end: number) => ContainerLine | null

const SPACE = 0x20

/** `2026-11-25T20:00:00.123456789Z stdout F text`; null for a line that is not like that. */
export function readCriLine(bytes: Buffer, start: number, end: number): ContainerLine | null {
  const timeEnd = bytes.indexOf(SPACE, start)
  // Both names of streams have six letters; the tag is P or F, and may get further parts after a colon.
  const streamEnd = timeEnd + 7
  if (timeEnd === -1 || streamEnd + 1 >= end || bytes[streamEnd] !== SPACE) return null
  const stream = bytes.toString('latin1', timeEnd + 1, streamEnd)
  if (stream !== 'stdout' && stream !== 'stderr') return null
  const tag = bytes[streamEnd + 1]
  if (tag !== 0x50 && tag !== 0x46) return null
  const timeNs = parseRfc3339(bytes, start, timeEnd)
  if (timeNs === null) return null
  const tagEnd = bytes.indexOf(SPACE, streamEnd + 1)
  const contentStart = tagEnd === -1 || tagEnd >= end ? end : tagEnd + 1
  return { stream, timeNs, partial: tag === 0x50, content: bytes.subarray(contentStart, end) }
}

/** `{"log":"text\n","stream":"stdout","time":"…"}`; null for a line that is not like that. */
export function readDockerLine(bytes: Buffer, start: number, end: number): ContainerLine | null {
  let entry: unknown
  try {
    entry = JSON.parse(bytes.toString('utf8', start, end))
  } catch {
    return null
  }
  if (typeof entry !== 'object' || entry === null) return null
  const { log, stream, time } = entry as { log?: unknown; stream?: unknown; time?: unknown }
  if (typeof log !== 'string' || typeof time !== 'string') return null
  const stamp = Buffer.from(time, 'latin1')
  const whole = log.endsWith('\n')
  return {
    stream: stream === 'stderr' ? 'stderr' : 'stdout',
    timeNs: parseRfc3339(stamp, 0, stamp.length) ?? 0n,
    partial: !whole,
    content: Buffer.from((whole ? log.slice(0, -1) : log).toWellFormed()),
  }
}

/** Which of the two a file is written in, by its first line; null when it is neither. */
export function readerFor(firstLine: Buffer): ReadContainerLine | null {
  if (readCriLine(firstLine, 0, firstLine.length) !== null) return readCriLine
  return readDockerLine(firstLine, 0, firstLine.length) === null ? null : readDockerLine
}
