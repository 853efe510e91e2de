import { NONE, type SpanKey } from './span-columns.ts'

/**
 * The links of one partition's held spans. Each is in its owner's list; one whose target is not held is also in the list that waits
 * for that target. Freed places are used again.
 */
export interface LinkTable {
  size: number
  columns: LinkColumns
  /** First freed place. */
  free: number
  used: number
  /** Open addressing: first waiting link + 1 by its target. */
  byTarget: Int32Array
}

type LinkColumns = Record<
  'owner' | 'tenant' | 'trace0' | 'trace1' | 'trace2' | 'trace3' | 'id0' | 'id1' | 'state' | 'nextOfOwner' | 'next' | 'previous' | 'group' | 'minute' | 'meta',
  Int32Array
>

/** `counted`: `group`, `minute` and `meta` say how. */
export const LinkState = { waiting: 0, counted: 1, done: 2 } as const

const NAMES = 'owner tenant trace0 trace1 trace2 trace3 id0 id1 state nextOfOwner next previous group minute meta'.split(' ') as readonly (keyof LinkColumns)[]
const INITIAL = 16

export function createLinkTable(): LinkTable {
  const columns = Object.fromEntries(NAMES.map((name) => [name, new Int32Array(INITIAL)])) as LinkColumns
  return { size: 0, columns, free: NONE, used: 0, byTarget: new Int32Array(INITIAL * 2) }
}

export function linkTableBytes(links: LinkTable): number {
  return links.columns.owner.length * NAMES.length * 4 + links.byTarget.byteLength
}

/** A new link at the head of its owner's list (`nextOfOwner`), waiting for its target. */
export function appendLink(links: LinkTable, link: { owner: number; target: SpanKey; nextOfOwner: number }): number {
  const at = take(links)
  const { columns } = links
  const { target } = link
  columns.owner[at] = link.owner
  columns.tenant[at] = target.tenant
  columns.trace0[at] = target.trace0
  columns.trace1[at] = target.trace1
  columns.trace2[at] = target.trace2
  columns.trace3[at] = target.trace3
  columns.id0[at] = target.id0
  columns.id1[at] = target.id1
  columns.state[at] = LinkState.waiting
  columns.nextOfOwner[at] = link.nextOfOwner
  const place = placeOfTarget(links, at)
  const first = links.byTarget[place]! - 1
  columns.next[at] = first
  columns.previous[at] = NONE
  if (first >= 0) columns.previous[first] = at
  links.byTarget[place] = at + 1
  return at
}

/** The first link that waits for this span, the others by `next`; NONE when there is none. They keep waiting until `stopWaiting`. */
export function waitingLinks(links: LinkTable, target: SpanKey): number {
  const { byTarget, columns } = links
  const mask = byTarget.length - 1
  let place = hashOf(target.id0, target.id1, target.trace3) & mask
  for (let link = byTarget[place]! - 1; link >= 0; link = byTarget[place]! - 1) {
    if (isTarget(columns, link, target)) return link
    place = (place + 1) & mask
  }
  return NONE
}

/** Takes a link out of the waiting list of its target. */
export function stopWaiting(links: LinkTable, link: number): void {
  const { columns } = links
  columns.state[link] = LinkState.done
  const previous = columns.previous[link]!
  const next = columns.next[link]!
  if (next >= 0) columns.previous[next] = previous
  if (previous >= 0) {
    columns.next[previous] = next
    return
  }
  const place = placeOfTarget(links, link)
  if (next >= 0) links.byTarget[place] = next + 1
  else removeAt(links, place)
}

/** Frees a list of links (by `nextOfOwner`). */
export function dropLinks(links: LinkTable, first: number): void {
  const { columns } = links
  for (let link = first; link >= 0; ) {
    const next = columns.nextOfOwner[link]!
    if (columns.state[link] === LinkState.waiting) stopWaiting(links, link)
    columns.nextOfOwner[link] = links.free
    links.free = link
    links.size--
    link = next
  }
}

export function isTarget(columns: LinkColumns, link: number, target: SpanKey): boolean {
  if (columns.id0[link] !== target.id0 || columns.id1[link] !== target.id1 || columns.tenant[link] !== target.tenant) return false
  return (
    columns.trace3[link] === target.trace3 &&
    columns.trace2[link] === target.trace2 &&
    columns.trace1[link] === target.trace1 &&
    columns.trace0[link] === target.trace0
  )
}

function take(links: LinkTable): number {
  links.size++
  if (links.free >= 0) {
    const at = links.free
    links.free = links.columns.nextOfOwner[at]!
    return at
  }
  if (links.used === links.columns.owner.length) grow(links)
  return links.used++
}

/** Where the waiting list of this link's target begins, or the free place where it would. */
function placeOfTarget(links: LinkTable, link: number): number {
  const { byTarget, columns } = links
  const mask = byTarget.length - 1
  let place = hashOf(columns.id0[link]!, columns.id1[link]!, columns.trace3[link]!) & mask
  while (byTarget[place] !== 0 && !sameTarget(columns, byTarget[place]! - 1, link)) place = (place + 1) & mask
  return place
}

function sameTarget(columns: LinkColumns, a: number, b: number): boolean {
  if (columns.id0[a] !== columns.id0[b] || columns.id1[a] !== columns.id1[b] || columns.tenant[a] !== columns.tenant[b]) return false
  if (columns.trace3[a] !== columns.trace3[b] || columns.trace2[a] !== columns.trace2[b]) return false
  return columns.trace1[a] === columns.trace1[b] && columns.trace0[a] === columns.trace0[b]
}

function removeAt(links: LinkTable, hole: number): void {
  const { byTarget, columns } = links
  const mask = byTarget.length - 1
  let at = hole
  for (let next = (at + 1) & mask; byTarget[next] !== 0; next = (next + 1) & mask) {
    const link = byTarget[next]! - 1
    const home = hashOf(columns.id0[link]!, columns.id1[link]!, columns.trace3[link]!) & mask
    if (((next - home) & mask) < ((next - at) & mask)) continue
    byTarget[at] = byTarget[next]!
    at = next
  }
  byTarget[at] = 0
}

/** Mixed word by word: ids need not be random. */
function hashOf(id0: number, id1: number, trace: number): number {
  let h = Math.imul(id0, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 16) ^ id1, 0x85ebca77)
  h = Math.imul(h ^ (h >>> 15) ^ trace, 0xc2b2ae3d)
  return h ^ (h >>> 16)
}

function grow(links: LinkTable): void {
  const size = links.columns.owner.length * 2
  for (const name of NAMES) {
    const bigger = new Int32Array(size)
    bigger.set(links.columns[name])
    links.columns[name] = bigger
  }
  const heads = links.byTarget.filter((head) => head > 0)
  links.byTarget = new Int32Array(size * 2)
  for (const head of heads) links.byTarget[placeOfTarget(links, head - 1)] = head
}
