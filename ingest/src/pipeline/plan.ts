import { MAX_NOTE_BYTES } from '@skein/eventlog/contract'

/** Offsets of one partition, both ends included. */
export interface RangeShare {
  partition: number
  first: number
  last: number
}

/** What is inserted as one: consecutive offsets of one or more partitions of a topic, by partition. */
export interface Range {
  topic: string
  shares: readonly RangeShare[]
}

/**
 * The note of a commit. `range` is what will be inserted next, whole, also in the note of each of its partitions, so that a successor
 * repeats exactly it; `sums` says whether it brings the held sums of all ranges before it. `owed` is the first record whose sums no range
 * that ended has brought: they are made again from there. `from` is where reading begins so that memory is again what it was. `elsewhere` is
 * what the counts of other partitions changed for this one's share of the range.
 */
export interface PlanNote {
  range: Range | null
  sums: boolean
  elsewhere: string
  owed: number
  from: number
}

/** `topic:partition:first-last[,partition:first-last…]`: the name by which the store knows a range. */
export function rangeName(range: Range): string {
  return `${range.topic}:${range.shares.map(({ partition, first, last }) => `${partition}:${first}-${last}`).join(',')}`
}

/** Null for a text that names no range. */
export function parseRangeName(name: string): Range | null {
  const match = /^([^:]+):(\d+:\d+-\d+(?:,\d+:\d+-\d+)*)$/.exec(name)
  if (match === null) return null
  const [, topic = '', list = ''] = match
  const shares = list.split(',').map((share) => {
    const [partition = 0, first = 0, last = 0] = share.split(/[:-]/).map(Number)
    return { partition, first, last }
  })
  return { topic, shares }
}

/** The range that records make, given partition by partition and in order. */
export function rangeOf(topic: string, records: readonly { partition: number; offset: number }[]): Range {
  const shares = new Map<number, RangeShare>()
  for (const { partition, offset } of records) {
    const first = shares.get(partition)?.first ?? offset
    shares.set(partition, { partition, first, last: offset })
  }
  return { topic, shares: [...shares.values()] }
}

const VERSION = 3
/** Each partition counted for itself. */
const VERSION_APART = 2
/** In version 1 each range brought its own sums. */
const KNOWN_VERSIONS: readonly unknown[] = [1, VERSION_APART, VERSION]
/** Room in a note for everything but the name of its range. */
const NOTE_OVERHEAD_BYTES = 96
/** A range's name is shorter than this: it must fit a note. */
export const MAX_RANGE_NAME_BYTES = MAX_NOTE_BYTES - NOTE_OVERHEAD_BYTES

/** What else than numbers stands in the note of a range that tells of counts, twice over. */
const COUNTS_OVERHEAD_BYTES = 256

/** How long the text of counts may be beside the name of a range. */
export function roomForCounts(range: Range): number {
  return Math.max(0, MAX_NOTE_BYTES - COUNTS_OVERHEAD_BYTES - Buffer.byteLength(rangeName(range)))
}

/** What an older Skein can read has its version. */
export function encodeNote({ from, owed, sums, range, elsewhere }: PlanNote): string {
  const told = elsewhere === '' ? {} : { elsewhere }
  return JSON.stringify({ v: elsewhere === '' ? VERSION_APART : VERSION, from, owed, ...(range === null ? {} : { sums, range: rangeName(range), ...told }) })
}

/** `committed` is the offset beside which it stands. Throws for a note of another version: an older Skein must not guess what a newer one planned. */
export function decodeNote(text: string, committed: number): PlanNote {
  const note = JSON.parse(text) as { v?: unknown; from?: unknown; owed?: unknown; sums?: unknown; range?: unknown; elsewhere?: unknown }
  const { v, from, owed = committed, sums = true, elsewhere = '' } = note
  if (!KNOWN_VERSIONS.includes(v) || typeof from !== 'number' || typeof owed !== 'number' || typeof sums !== 'boolean' || typeof elsewhere !== 'string')
    throw new Error(`a commit note that this version of Skein cannot read: ${text.slice(0, 100)}`)
  if (note.range === undefined) return { range: null, sums, elsewhere, owed, from }
  const range = typeof note.range === 'string' ? parseRangeName(note.range) : null
  if (range === null) throw new Error(`a commit note that names no range: ${text.slice(0, 100)}`)
  return { range, sums, elsewhere, owed, from }
}
