import type { AgentLogger } from '../agent-deps.ts'
import type { Position, PositionStore } from './position-store.ts'

const RETRY_MS = 1000

/**
 * Writes positions behind delivery: what changed while one transaction ran goes into the next. What a kill takes is delivered again and known by
 * its uid; a new identity alone, with what its file begins with, must be durable before anything is sent under it.
 */
export interface PositionKeeper {
  /** The file's position as of now; written soon. */
  keep(position: Position): void
  forget(identity: string): void
  keepGlobs(globs: readonly string[]): void
  keepJournalCursor(cursor: string): void
  /** True once its identity is on the disk, and until something was acknowledged all that its file is known by. */
  isDurable(position: Pick<Position, 'identity' | 'headBytes' | 'offset'>): boolean
  /** Called when identities, or what their files begin with, became durable. */
  onDurable(listener: () => void): void
  /** Why the last write failed; null when it did not. */
  readonly trouble: string | null
  /** Writes what is left, once. */
  stop(): Promise<void>
}

/** What the next transaction writes. */
interface Unwritten {
  /** Null is forgotten. */
  files: Map<string, Position | null>
  globs: Set<string>
  cursor: string | null
}

interface Keeping {
  readonly store: PositionStore
  readonly logger: AgentLogger
  /** How much of the beginning of each file the disk knows, by identity. */
  readonly durable: Map<string, number>
  readonly listeners: (() => void)[]
  next: Unwritten
  trouble: string | null
  writing: Promise<void> | null
  timer: ReturnType<typeof setTimeout> | null
  stopped: boolean
}

export function createPositionKeeper({ store, logger }: { store: PositionStore; logger: AgentLogger }): PositionKeeper {
  const durable = new Map(store.positions().map(({ identity, headBytes }) => [identity, headBytes]))
  const keeping: Keeping = { store, logger, durable, listeners: [], next: nothing(), trouble: null, writing: null, timer: null, stopped: false }
  return {
    keep(position) {
      keeping.next.files.set(position.identity, { ...position })
      schedule(keeping, 0)
    },
    forget(identity) {
      keeping.next.files.set(identity, null)
      schedule(keeping, 0)
    },
    keepGlobs(globs) {
      for (const glob of globs) keeping.next.globs.add(glob)
      schedule(keeping, 0)
    },
    keepJournalCursor(cursor) {
      keeping.next.cursor = cursor
      schedule(keeping, 0)
    },
    isDurable({ identity, headBytes, offset }) {
      const known = durable.get(identity)
      return known !== undefined && (offset > 0 || known >= headBytes)
    },
    onDurable: (listener) => void keeping.listeners.push(listener),
    get trouble() {
      return keeping.trouble
    },
    async stop() {
      keeping.stopped = true
      if (keeping.timer !== null) clearTimeout(keeping.timer)
      await keeping.writing
      if (!isNothing(keeping.next)) await write(keeping)
      await store.close()
    },
  }
}

function nothing(): Unwritten {
  return { files: new Map(), globs: new Set(), cursor: null }
}

function isNothing({ files, globs, cursor }: Unwritten): boolean {
  return files.size === 0 && globs.size === 0 && cursor === null
}

function schedule(keeping: Keeping, delayMs: number): void {
  if (keeping.stopped || keeping.timer !== null || keeping.writing !== null || isNothing(keeping.next)) return
  keeping.timer = setTimeout(() => {
    keeping.timer = null
    keeping.writing = write(keeping).finally(() => {
      keeping.writing = null
      schedule(keeping, keeping.trouble === null ? 0 : RETRY_MS)
    })
  }, delayMs)
}

async function write(keeping: Keeping): Promise<void> {
  const now = keeping.next
  keeping.next = nothing()
  const positions = [...now.files.values()].filter((position) => position !== null)
  const forget = [...now.files].filter(([, position]) => position === null).map(([identity]) => identity)
  try {
    await keeping.store.write({ positions, forget, globs: [...now.globs], ...(now.cursor === null ? {} : { journalCursor: now.cursor }) })
  } catch (error) {
    failed(keeping, now, String(error))
    return
  }
  if (keeping.trouble !== null) keeping.logger.info({ event: 'positions_saved' }, 'Positions are saved again')
  keeping.trouble = null
  settle(keeping, positions, forget)
}

/** What could not be written is written with what came since. */
function failed(keeping: Keeping, now: Unwritten, why: string): void {
  const { next } = keeping
  keeping.next = { files: new Map([...now.files, ...next.files]), globs: new Set([...now.globs, ...next.globs]), cursor: next.cursor ?? now.cursor }
  if (keeping.trouble === null)
    keeping.logger.error({ event: 'positions_not_saved', err: why }, 'Positions cannot be saved; known files are read on, new ones wait')
  keeping.trouble = why
}

function settle({ durable, listeners }: Keeping, written: readonly Position[], forgotten: readonly string[]): void {
  const fresh = written.some(({ identity, headBytes }) => durable.get(identity) !== headBytes)
  for (const { identity, headBytes } of written) durable.set(identity, headBytes)
  for (const identity of forgotten) durable.delete(identity)
  if (fresh) for (const listener of listeners) listener()
}
