import { readdirSync, statSync } from 'node:fs'
import { join, matchesGlob, resolve, sep } from 'node:path'

/** Finds the files of globs, again and again: a directory is listed anew only when it changed. */
export interface GlobWalk {
  /** Absolute paths, each once per walk; those that go away in between may be among them. The same array as before when no directory has changed. */
  find(): string[]
}

interface Listing {
  changedMs: number
  listedMs: number
  entries: Entry[]
  /** Entries by the segment they match: matching costs more than looking whether the directory changed. */
  matching: Map<string, Entry[]>
}

interface Entry {
  name: string
  directory: boolean
  link: boolean
}

const MAGIC = /[*?[\]{}]/
/** A change within the tick of the file system's clock after a listing does not show in the directory's time. */
const SETTLED_MS = 2000
/** Some file systems keep no times of directories. */
const RELIST_MS = 60_000
const MAX_DEPTH = 32

interface Walking {
  readonly segments: readonly string[]
  readonly listings: Map<string, Listing>
  /** Directories that the walk came through. */
  readonly visited: Set<string>
  readonly clock: () => number
  /** What the last walk found, while no directory has changed since. */
  found: string[] | null
  /** A directory is not as it was in the walk before. */
  changed: boolean
}

export function createGlobWalk(options: { include: string; exclude: readonly string[]; directory: string; clock: () => number }): GlobWalk {
  const { include, exclude, directory, clock } = options
  const excluded = exclude.map((glob) => (glob.includes('/') ? resolve(directory, glob) : `**/${glob}`))
  const walking: Walking = {
    segments: resolve(directory, include).split(sep).filter(Boolean),
    listings: new Map(),
    visited: new Set(),
    clock,
    found: null,
    changed: true,
  }
  return {
    find() {
      if (walking.found !== null && isUnchanged(walking)) return walking.found
      walking.changed = walking.found === null || walking.listings.size === 0
      walking.visited.clear()
      const found = new Set<string>()
      walk(walking, '/', { at: 0, depth: 0 }, found)
      // Directories of containers come and go for ever.
      for (const directory of walking.listings.keys()) if (!walking.visited.has(directory)) walking.listings.delete(directory)
      if (walking.found !== null && !walking.changed) return walking.found
      walking.found = excluded.length === 0 ? [...found] : [...found].filter((path) => !excluded.some((glob) => matchesGlob(path, glob)))
      return walking.found
    },
  }
}

function isUnchanged({ listings, clock }: Walking): boolean {
  const nowMs = clock()
  for (const [directory, known] of listings)
    if (statSync(directory, { throwIfNoEntry: false })?.mtimeMs !== known.changedMs || !isSettled(known, nowMs)) return false
  // Without a directory that tells of changes there is nothing to go by.
  return listings.size > 0
}

function walk(walking: Walking, directory: string, { at, depth }: { at: number; depth: number }, found: Set<string>): void {
  const segment = walking.segments[at]
  if (segment === undefined || depth > MAX_DEPTH) return
  const deeper = { at: at + 1, depth: depth + 1 }
  if (segment === '**') walk(walking, directory, deeper, found)
  const last = at === walking.segments.length - 1
  if (!MAGIC.test(segment)) {
    const path = join(directory, segment)
    if (last) found.add(path)
    else walk(walking, path, deeper, found)
    return
  }
  for (const entry of matching(walking, directory, segment)) {
    const path = join(directory, entry.name)
    if (last && !entry.directory) found.add(path)
    else if (goesInto(entry, segment)) walk(walking, path, segment === '**' ? { at, depth: depth + 1 } : deeper, found)
  }
}

/** Behind ** links to directories are not followed: they could lead back. */
function goesInto({ directory, link }: Entry, segment: string): boolean {
  return directory || (link && segment !== '**')
}

function matching(walking: Walking, directory: string, segment: string): Entry[] {
  const listing = list(walking, directory)
  if (listing === null) return []
  let matched = listing.matching.get(segment)
  if (matched === undefined) {
    const hidden = segment.startsWith('.')
    matched = listing.entries.filter(({ name }) => (hidden || !name.startsWith('.')) && (segment === '**' || matchesGlob(name, segment)))
    listing.matching.set(segment, matched)
  }
  return matched
}

function list(walking: Walking, directory: string): Listing | null {
  const { listings, clock } = walking
  walking.visited.add(directory)
  const nowMs = clock()
  const known = listings.get(directory)
  try {
    const changedMs = statSync(directory).mtimeMs
    if (known?.changedMs === changedMs && isSettled(known, nowMs)) return known
    const entries = readdirSync(directory, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      directory: entry.isDirectory(),
      link: entry.isSymbolicLink(),
    }))
    if (known?.changedMs === changedMs && isQuiet(known) && areSame(known.entries, entries)) {
      known.listedMs = nowMs
      return known
    }
    const listing: Listing = { changedMs, listedMs: nowMs, entries, matching: new Map() }
    listings.set(directory, listing)
    walking.changed = true
    return listing
  } catch {
    if (listings.delete(directory)) walking.changed = true
    return null
  }
}

function areSame(some: readonly Entry[], others: readonly Entry[]): boolean {
  const same = ({ name, directory, link }: Entry, other: Entry | undefined): boolean =>
    name === other?.name && directory === other.directory && link === other.link
  return some.length === others.length && some.every((entry, at) => same(entry, others[at]))
}

/** Nothing can have changed in the directory after the listing without showing in its time. */
function isQuiet({ changedMs, listedMs }: Listing): boolean {
  return listedMs - changedMs > SETTLED_MS
}

function isSettled(listing: Listing, nowMs: number): boolean {
  return isQuiet(listing) && Math.abs(nowMs - listing.listedMs) < RELIST_MS
}
