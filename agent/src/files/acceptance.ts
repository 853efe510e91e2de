import { type Stats, statSync } from 'node:fs'
import type { AgentLogger } from '../agent-deps.ts'
import type { PositionKeeper } from '../positions/position-keeper.ts'
import type { ByteSource } from './byte-source.ts'
import { standingOf } from './copies.ts'
import type { FileGroup } from './file-group.ts'
import type { FileRegister } from './file-register.ts'
import { headOf } from './fingerprint.ts'
import { openSource } from './rest-search.ts'
import { basePathOf, keyOf } from './rotation.ts'
import type { Timing } from './timing.ts'

/** Decides about a path that a glob found: a new file, one that is known, a copy of one, or nothing to read. */
export interface Acceptance {
  /** Returns why the file is not followed; null when it is, belongs to one that is, or is for the next look. */
  follow(path: string, met: Met): Promise<string | null>
  /** The path is gone. */
  forget(path: string): void
}

/** Of `first` what is there already is history, should the group say so. */
export interface Met {
  group: FileGroup
  first: boolean
}

export interface AcceptanceOptions {
  register: FileRegister
  keeper: PositionKeeper
  logger: AgentLogger
  nowMs: () => number
  randomIdentity: () => string
  maxFiles: number
  times: Timing
}

const COMPRESSED = /\.(?:gz|zst|xz|bz2|lz4|zip)$/
/** A line that was begun when the agent came is looked for this far back. */
const LINE_START_BYTES = 64 * 1024

interface State extends AcceptanceOptions {
  /** Rotated names without bytes, and since when. */
  readonly empty: Map<string, number>
}

export function createAcceptance(options: AcceptanceOptions): Acceptance {
  const state: State = { ...options, empty: new Map() }
  return {
    follow: (path, met) => follow(state, path, met),
    forget: (path) => void state.empty.delete(path),
  }
}

async function follow(state: State, path: string, met: Met): Promise<string | null> {
  const { register } = state
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return null
  const same = register.byKey(keyOf(stat))
  if (same !== undefined) {
    // What is unpacked while it is read does not grow: looked at under its name it would end where its packed bytes do.
    if (!COMPRESSED.test(path)) register.rename(same, path)
    return null
  }
  if (!stat.isFile()) return 'it is no regular file'
  if (COMPRESSED.test(path)) return 'it is compressed'
  if (register.size >= state.maxFiles) return `more than agent.maxFiles (${state.maxFiles}) files`
  if (mayBecomeCopy(state, path, stat)) return null
  const opened = await openSource(path)
  let verdict: Verdict = { followed: false, why: null }
  try {
    verdict = await accept(state, { ...opened, path }, met)
  } finally {
    if (!verdict.followed) await opened.source.close()
  }
  return verdict.why
}

/** A copy begins empty, and nothing tells it from a new file before it has bytes. */
function mayBecomeCopy({ empty, nowMs, times }: State, path: string, { size }: Stats): boolean {
  const sinceMs = empty.get(path) ?? nowMs()
  const may = size === 0 && basePathOf(path) !== path && nowMs() - sinceMs < times.quietAfterMs
  if (may) empty.set(path, sinceMs)
  else empty.delete(path)
  return may
}

interface Verdict {
  followed: boolean
  why: string | null
}

type Opened = Awaited<ReturnType<typeof openSource>> & { path: string }

async function accept(state: State, opened: Opened, { group, first }: Met): Promise<Verdict> {
  const { register } = state
  const { path, device, inode } = opened
  const followed = { followed: true, why: null }
  // By now the name may lead to a file that is followed; the next look finds where it went.
  if (register.byKey(opened.key) !== undefined) return { followed: false, why: null }
  const known = await register.recall(opened)
  if (known !== null) {
    register.add({ ...opened, group, position: { ...known, path, done: false } })
    return followed
  }
  const standing = await standingOf(register, opened)
  if (standing === 'copy') return { followed: false, why: 'it is a copy of a file that is read' }
  const before = standing === 'new' ? register.recallEmpty(opened) : standing
  if (before === null) await begin(state, { ...opened, group }, first && group.startAt === 'end')
  else {
    register.take(before)
    register.add({ ...opened, group, position: { ...before, path, device, inode, done: false } })
  }
  return followed
}

/** Follows a file that was never seen. */
async function begin(state: State, file: Opened & { group: FileGroup }, atEnd: boolean): Promise<void> {
  const { device, inode, mtimeMs, path, source, size } = file
  const identity = state.randomIdentity()
  const offset = atEnd ? await lineStart(source, size) : 0
  const position = { identity, device, inode, ...(await headOf(source)), offset, guard: 0, guardBytes: 0, path, mtimeMs, done: false }
  state.keeper.keep(position)
  state.register.add({ ...file, position })
  state.logger.info({ event: 'file_followed', path, identity, from: offset }, 'A file is read')
}

/** Where the line that lies across the end begins. */
async function lineStart(source: ByteSource, size: number): Promise<number> {
  const from = Math.max(0, size - LINE_START_BYTES)
  const bytes = Buffer.allocUnsafe(size - from)
  const read = await source.read(bytes, from)
  const newline = bytes.subarray(0, read).lastIndexOf(0x0a)
  if (newline !== -1) return from + newline + 1
  return from === 0 ? 0 : size
}
