import { statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { AgentLogger } from '../agent-deps.ts'
import type { PositionKeeper } from '../positions/position-keeper.ts'
import type { Position } from '../positions/position-store.ts'
import type { Counters } from '../send/counters.ts'
import type { Feed } from '../send/feed.ts'
import { standingOf } from './copies.ts'
import type { FileGroup } from './file-group.ts'
import type { FileRegister } from './file-register.ts'
import { headOf } from './fingerprint.ts'
import type { Timing } from './timing.ts'
import { findRest, openSibling, type Rest, strangers, UNKNOWN_SIZE } from './rest-search.ts'
import { basePathOf, createRotatedNames, type RotatedNames } from './rotation.ts'
import type { TailedFile } from './tailed-file.ts'

/** Sees files to their end whose name or whose bytes are gone: renamed, deleted, copied and truncated, compressed. */
export interface Retiring {
  /** The file's bytes are gone from where they were; a new file begins there. */
  truncated(file: TailedFile): void
  /** The file's name leads elsewhere or nowhere. */
  lostName(file: TailedFile): void
  /** Something came or went beside the file at this path. */
  directoryChanged(path: string): void
  /** Looks after a file whose name is lost. */
  watch(file: TailedFile, nowMs: number): void
  /** Searches the rest of what was truncated, of what went while the agent was not running, and what came and went between two looks. */
  look(): Promise<void>
}

export interface RetiringOptions {
  /** Positions of the last run. */
  known: readonly Position[]
  groups: readonly FileGroup[]
  register: FileRegister
  keeper: PositionKeeper
  counters: Counters
  logger: AgentLogger
  nowMs: () => number
  randomIdentity: () => string
  wake: (feed: Feed) => void
  timing: Timing
}

/** Tools copy before they truncate; what is not found by then is not there. */
const SEARCH_MS = 10_000
/** A file has to be the same in two looks, and the first may come in the midst of a rotation. */
const LOOKS = 4
const LOOKS_WITHOUT = 15

interface State extends RetiringOptions {
  /** Truncated files and until when their rest is searched. */
  readonly searching: Map<TailedFile, number>
  readonly lost: Set<TailedFile>
  /** Logs that were rotated, and how many more looks are for files of theirs that came and went between two. */
  readonly rotated: Map<string, { group: FileGroup; looks: number }>
  /** What rotated files looked like at the last look. */
  seen: ReadonlyMap<string, string>
}

export function createRetiring(options: RetiringOptions): Retiring {
  const state: State = { ...options, searching: new Map(), lost: new Set(), rotated: new Map(), seen: new Map() }
  let recoveries = 0
  return {
    truncated: (file) => truncated(state, file),
    directoryChanged(path) {
      // At the first look all that is there is history, or known.
      if (recoveries > 0) wasRotated(state, path)
    },
    watch: (file, now) => watch(state, file, now),
    lostName(file) {
      file.lostNameMs = state.nowMs()
      wasRotated(state, file.path)
      state.logger.info({ event: 'name_lost', path: file.path, identity: file.identity }, 'A file was renamed or deleted; it is read to its end')
    },
    async look() {
      // Something may have come and gone of every log that was known.
      if (recoveries === 0) for (const { path } of state.known) wasRotated(state, path)
      if (recoveries < LOOKS) await recover(state, ++recoveries === LOOKS)
      for (const [file, untilMs] of state.searching) await search(state, file, untilMs)
      for (const file of state.lost) await lookAfter(state, file)
      const [names, seen] = [createRotatedNames(), new Map<string, string>()]
      for (const [path, log] of state.rotated) await adoptMissed(state, path, { log, names, seen })
      state.seen = seen
    },
  }
}

function truncated(state: State, file: TailedFile): void {
  const { logger, nowMs, register, searching } = state
  if (file.suspended) return
  wasRotated(state, file.path)
  logger.info({ event: 'file_truncated', path: file.path, identity: file.identity, at: file.readOffset }, 'A file was truncated; it is read from its beginning')
  file.suspended = true
  file.lostNameMs = nowMs()
  register.detach(file)
  searching.set(file, nowMs() + SEARCH_MS)
}

function watch({ searching, lost, timing }: State, file: TailedFile, now: number): void {
  if (searching.has(file)) return
  lost.add(file)
  const stat = file.stat()
  if (stat === null) return
  file.saw(stat.size, stat.mtimeMs, now)
  const graceMs = stat.links === 0 ? timing.deletedMs : timing.lostNameMs
  if (now - Math.max(file.grownMs, file.lostNameMs ?? now) >= graceMs) file.finishing = true
}

async function lookAfter(state: State, file: TailedFile): Promise<void> {
  if (file.lostNameMs === null) {
    state.lost.delete(file)
    return
  }
  if ((file.exhausted || file.abandoned) && file.idle) await retire(state, file)
}

function wasRotated({ rotated, groups }: State, path: string): void {
  const group = groupOf(groups, path)
  if (group !== undefined) rotated.set(basePathOf(path), { group, looks: LOOKS })
}

/** A rotated file belongs where its log does. */
function groupOf(groups: readonly FileGroup[], path: string): FileGroup | undefined {
  return groups.find((group) => group.matches(path) || group.matches(basePathOf(path)))
}

async function retire({ lost, searching, keeper, register, logger }: State, file: TailedFile): Promise<void> {
  lost.delete(file)
  searching.delete(file)
  file.position.done = true
  keeper.keep(file.position)
  await register.remove(file)
  logger.info({ event: 'file_finished', path: file.path, identity: file.identity, at: file.position.offset }, 'A file was read to its end')
}

async function search(state: State, file: TailedFile, untilMs: number): Promise<void> {
  const { register, searching, counters, logger } = state
  // What is under way ends before the place to go on is known.
  if (!file.idle) return
  const rest = await findRest(file.position, { taken: (key) => key === register.keyOf(file) || register.byKey(key) !== undefined })
  if (typeof rest !== 'string') {
    searching.delete(file)
    await file.moveTo(rest.source, placeOf(rest))
    register.attach(file)
    file.finishing = true
    state.wake(file)
    return
  }
  if (state.nowMs() < untilMs) return
  const unread = file.size - file.position.offset
  if (unread > 0) {
    counters.lostBytes += unread
    logger.error({ event: 'lines_lost', path: file.path, bytes: unread }, 'A file was truncated before it was read to its end')
  }
  await retire(state, file)
}

/**
 * Files that the last run did not finish and that have no name any more under which they would be found. They are searched more than once, for names
 * may be changing just now; until they are given up, whatever holds what they held is a copy.
 */
async function recover(state: State, isLast: boolean): Promise<void> {
  const { groups, register, keeper, logger } = state
  const names = createRotatedNames()
  for (const position of register.known().filter(({ done }) => !done)) {
    const group = groupOf(groups, position.path)
    if (group === undefined) continue
    const rest = await findRest(position, { taken: (key) => register.byKey(key) !== undefined, rotated: names })
    if (typeof rest !== 'string') {
      register.take(position)
      adopt(state, rest, { position, group })
    } else if (rest === 'gone' && (isLast || position.headBytes === 0)) {
      if (position.headBytes > 0) {
        state.counters.lostFiles++
        logger.warn({ event: 'rest_not_found', path: position.path, from: position.offset }, 'What followed in a file is nowhere to be found')
      }
      position.done = true
      keeper.keep(position)
    }
  }
}

function adopt({ register, nowMs, lost, wake, logger }: State, rest: Rest, { position, group }: { position: Position; group: FileGroup }): void {
  const { path, device, inode, size } = placeOf(rest)
  const file = register.add({ source: rest.source, size, group, path, position: { ...position, path, device, inode } })
  file.lostNameMs = nowMs()
  file.finishing = true
  lost.add(file)
  wake(file)
  logger.info({ event: 'rest_found', path, identity: position.identity, from: position.offset }, 'A file that was rotated is read to its end')
}

interface Missed {
  log: { group: FileGroup; looks: number }
  names: RotatedNames
  seen: Map<string, string>
}

/** Files that were rotated before anybody looked are read from their beginning. Older ones than any that was followed are history. */
async function adoptMissed(state: State, path: string, { log, names, seen }: Missed): Promise<void> {
  const { register, rotated, seen: before } = state
  // A log that is not there may come and go at once.
  log.looks -= statSync(path, { throwIfNoEntry: false }) === undefined ? 1 / LOOKS_WITHOUT : 1
  if (log.looks <= 0) rotated.delete(path)
  const [base, others] = [basename(path), names(dirname(path))?.get(basename(path)) ?? []]
  if (others.every((name) => name === base)) return
  const positions = [...register.known(), ...[...register.files()].map((file) => file.position)].filter((position) => basePathOf(position.path) === path)
  const sinceMs = Math.min(...positions.map(({ mtimeMs }) => mtimeMs))
  for (const sibling of strangers(path, { sinceMs, followed: (key) => register.byKey(key) !== undefined, before, seen, rotated: names })) {
    const source = await openSibling(sibling)
    if (source === null) continue
    const position = await startOf(state, { source, sibling }).catch(() => null)
    if (position === null) await source.close()
    else adopt(state, { source, sibling }, { position, group: log.group })
  }
}

/** Where the lines of a file begin that nobody follows; null when they are known. Rejects when it cannot be read, as one that is being packed. */
async function startOf({ register, keeper, randomIdentity }: State, rest: Rest): Promise<Position | null> {
  const { path, device, inode } = placeOf(rest)
  const head = await headOf(rest.source)
  const standing = head.headBytes === 0 ? 'copy' : await standingOf(register, { path, source: rest.source })
  if (standing === 'copy') return null
  if (standing !== 'new') {
    register.take(standing)
    return { ...standing, done: false }
  }
  const { mtimeMs } = rest.sibling
  const fresh = { identity: randomIdentity(), device, inode, ...head, offset: 0, guard: 0, guardBytes: 0, path, mtimeMs, done: false }
  keeper.keep(fresh)
  return fresh
}

function placeOf({ sibling }: Rest): { path: string; device: number; inode: number; size: number } {
  const [device = '0', inode = '0'] = sibling.key.split(':')
  return { path: sibling.path, device: Number(device), inode: Number(inode), size: sibling.gzip ? UNKNOWN_SIZE : sibling.size }
}
