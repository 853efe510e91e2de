import { type Stats, statSync } from 'node:fs'
import type { AgentLogger, Clock } from '../agent-deps.ts'
import type { PositionKeeper } from '../positions/position-keeper.ts'
import type { Position } from '../positions/position-store.ts'
import type { Counters } from '../send/counters.ts'
import type { Feed } from '../send/feed.ts'
import { type Acceptance, createAcceptance, type Met } from './acceptance.ts'
import type { FileGroup } from './file-group.ts'
import { createFileRegister, type FileRegister } from './file-register.ts'
import type { GlobWalk } from './glob.ts'
import { createRetiring, type Retiring } from './retiring.ts'
import { isAt } from './rotation.ts'
import type { TailedFile } from './tailed-file.ts'
import { TIMING, type Timing } from './timing.ts'

/** Follows all files of all groups: finds them, sees them grow, go and come back. */
export interface Follower {
  start(): void
  /** Looks at all files now; resolves when the look is done. */
  look(): Promise<void>
  /** Files whose identity became durable may be read. */
  wakeAll(): void
  /** Looks no more. */
  stop(): Promise<void>
  close(): Promise<void>
  readonly files: number
  /** Files that cannot be read, or that are too many. */
  readonly refused: number
}

export interface FollowerOptions {
  groups: readonly FileGroup[]
  known: readonly Position[]
  hasGlob: (glob: string) => boolean
  keeper: PositionKeeper
  counters: Counters
  logger: AgentLogger
  clock: Clock
  nowMs: () => number
  randomIdentity: () => string
  lineBytes: number
  maxFiles: number
  wake: (feed: Feed) => void
  timing?: Partial<Timing>
}

/** No tool rotates what it rotated so long ago. */
const FORGET_MS = 30 * 86_400_000
const MAX_FINISHED = 20_000

interface State extends FollowerOptions {
  readonly register: FileRegister
  readonly retiring: Retiring
  readonly acceptance: Acceptance
  readonly times: Timing
  readonly refused: Map<string, { why: string; againMs: number }>
  /** What each glob found at the last look, and at which revision of the register all of it was followed. */
  readonly found: Map<GlobWalk, { paths: string[]; followedAt: number | null }>
  timer: ReturnType<typeof setInterval> | null
  looking: Promise<void> | null
  lookedMs: number
  /** No file is due before, as long as the register is at this revision. */
  due: { ms: number; revision: number }
  everLooked: boolean
}

export function createFollower(options: FollowerOptions): Follower {
  const times = { ...TIMING, ...options.timing }
  // Those who read tell of what they see to those who search.
  const register: FileRegister = createFileRegister({ ...options, replaced: (file) => retiring.truncated(file) })
  const retiring = createRetiring({ ...options, register, timing: times })
  const refused: State['refused'] = new Map()
  const state: State = {
    ...options,
    register,
    retiring,
    acceptance: createAcceptance({ ...options, register, times }),
    times,
    refused,
    found: new Map(),
    timer: null,
    looking: null,
    lookedMs: Number.NEGATIVE_INFINITY,
    due: { ms: Number.NEGATIVE_INFINITY, revision: 0 },
    everLooked: false,
  }
  return {
    start() {
      state.timer = setInterval(() => poll(state), times.activeMs)
    },
    look: () => look(state),
    wakeAll() {
      for (const file of register.files()) if (file.hasNews(options.nowMs())) options.wake(file)
    },
    async stop() {
      if (state.timer !== null) clearInterval(state.timer)
      await state.looking
    },
    close: () => register.close(),
    get files() {
      return register.size
    },
    get refused() {
      return refused.size
    },
  }
}

function look(state: State): Promise<void> {
  state.looking ??= lookOnce(state).finally(() => {
    state.looking = null
  })
  return state.looking
}

async function lookOnce(state: State): Promise<void> {
  const { groups, keeper, hasGlob } = state
  state.lookedMs = state.nowMs()
  for (const group of groups) {
    for (const { glob, walk } of group.globs) await meetAll(state, { group, walk, first: !hasGlob(glob) && !state.everLooked })
  }
  if (!state.everLooked) keeper.keepGlobs(groups.flatMap(({ globs }) => globs.map(({ glob }) => glob)).filter((glob) => !hasGlob(glob)))
  await state.retiring.look()
  if (!state.everLooked) forgetOld(state)
  state.everLooked = true
}

async function meetAll(state: State, { group, walk, first }: { group: FileGroup; walk: GlobWalk; first: boolean }): Promise<void> {
  const { register, found } = state
  const { revision } = register
  const before = found.get(walk)
  const paths = walk.find()
  // The same list as before means that no directory has changed.
  if (paths === before?.paths && before.followedAt === revision) return
  if (paths !== before?.paths) {
    for (const path of paths) state.retiring.directoryChanged(path)
    forgetGone(state, before?.paths ?? [], paths)
  }
  let followed = true
  for (const path of paths) {
    if (isFollowed(state, path)) continue
    followed = false
    await meet(state, path, { group, first })
  }
  found.set(walk, { paths, followedAt: followed ? revision : null })
}

function forgetGone({ refused, acceptance }: State, before: readonly string[], now: readonly string[]): void {
  const there = new Set(now)
  for (const path of before) {
    if (there.has(path)) continue
    refused.delete(path)
    acceptance.forget(path)
  }
}

/** Positions of files that were read to their end and lost their name long ago; of the others the newest are kept. */
function forgetOld({ register, keeper, clock }: State): void {
  const finished = register.known().filter(({ done }) => done)
  finished.sort((a, b) => b.mtimeMs - a.mtimeMs)
  for (const [index, position] of finished.entries()) {
    if (index < MAX_FINISHED && clock() - position.mtimeMs < FORGET_MS) continue
    keeper.forget(position.identity)
    register.take(position)
  }
}

function isFollowed({ register }: State, path: string): boolean {
  const file = register.byPath(path)
  return file !== undefined && file.lostNameMs === null
}

async function meet(state: State, path: string, met: Met): Promise<void> {
  const { refused, acceptance, nowMs, times, logger } = state
  const before = refused.get(path)
  if (before !== undefined && nowMs() < before.againMs) return
  const why = await acceptance.follow(path, met).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    return error.code === 'EACCES' || error.code === 'EPERM' ? `this user may not read it (${error.code})` : error.message
  })
  if (why === null) {
    refused.delete(path)
    return
  }
  if (before?.why !== why) logger.warn({ event: 'file_skipped', path, why }, 'A file is not read')
  refused.set(path, { why, againMs: nowMs() + times.refusedMs })
}

function poll(state: State): void {
  const now = state.nowMs()
  if (now >= state.due.ms || state.register.revision !== state.due.revision) watchAll(state, now)
  if (now - state.lookedMs < state.times.quietMs) return
  look(state).catch((error: unknown) => state.logger.error({ event: 'look_failed', err: String(error) }, 'Looking for files failed'))
}

function watchAll(state: State, now: number): void {
  const { register, times, logger } = state
  const { revision } = register
  let dueMs = Number.POSITIVE_INFINITY
  for (const file of register.files()) {
    if (now - file.lookedMs >= everyMs(now - file.grownMs, times)) {
      file.lookedMs = now
      try {
        watch(state, file, now)
      } catch (error) {
        // One file that cannot be looked at keeps nobody from the others.
        logger.error({ event: 'look_failed', path: file.path, err: String(error) }, 'A file cannot be looked at')
      }
      if (file.hasNews(now)) state.wake(file)
    }
    dueMs = Math.min(dueMs, file.lookedMs + everyMs(now - file.grownMs, times))
  }
  state.due = { ms: dueMs, revision }
}

/** How often a file is looked at that has not grown for so long. */
function everyMs(restingMs: number, times: Timing): number {
  if (restingMs < times.quietAfterMs) return times.activeMs
  return restingMs < times.stillAfterMs ? times.quietMs : times.stillMs
}

function watch(state: State, file: TailedFile, now: number): void {
  const { retiring } = state
  if (file.lostNameMs !== null) return retiring.watch(file, now)
  const stat = statOf(file.path)
  if (stat === 'unreachable') return
  if (stat === null || !isAt(file.position, stat)) {
    retiring.lostName(file)
    for (const walked of state.found.values()) walked.followedAt = null
    state.lookedMs = Number.NEGATIVE_INFINITY
  } else if (stat.size < Math.max(file.readOffset, file.position.headBytes)) retiring.truncated(file)
  else file.saw(stat.size, stat.mtimeMs, now)
}

function statOf(path: string): Stats | null | 'unreachable' {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null
  } catch (error) {
    // A directory that may not be entered any more says nothing about the file.
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR' ? null : 'unreachable'
  }
}
