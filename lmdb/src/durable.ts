import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Key, open, type RootDatabase, type RootDatabaseOptionsWithPath } from 'lmdb'

export type { Database, RootDatabase } from 'lmdb'

/** How long the cause of a failed commit may come after the failure. */
const CAUSE_MS = 1000
/** Pages that a commit copies beside its own bytes: branches, free lists, and room that others take meanwhile. */
const COPIED_PAGES_BYTES = 1024 * 1024

/**
 * Opens a database in which visible means durable: without overlapping sync a commit is flushed before it can be seen. Of a batch that lmdb makes of an
 * event turn nobody has the promise, so there are none: rejected on a full disk it would end the process.
 */
export function openDurable<Value, DatabaseKey extends Key>(options: RootDatabaseOptionsWithPath): RootDatabase<Value, DatabaseKey> {
  return open<Value, DatabaseKey>({ ...options, overlappingSync: false, eventTurnBatching: false } as RootDatabaseOptionsWithPath)
}

/**
 * One commit, begun by `begin` and on disk when it resolves. `path` is the database's file, or its directory; `bytes` are those it writes.
 * Rejects with the cause, then nothing of it is there; with code `ENOSPC` before it begins when the disk has no room for it: LMDB must never meet
 * a full disk (lmdb 3.5.6 formats the error of a failed write into a buffer that is too small for it, and the process aborts or hangs later).
 */
export async function commit<Result>(path: string, bytes: number, begin: () => Promise<Result>): Promise<Result> {
  const { bavail, bsize } = statfsSync(dirname(path))
  const free = bavail * bsize
  // What is replaced is written anew: twice the bytes.
  if (free < bytes * 2 + COPIED_PAGES_BYTES)
    throw Object.assign(new Error(`ENOSPC: ${free} bytes are free under ${dirname(path)}, a commit of ${bytes} needs more`), { code: 'ENOSPC' })
  try {
    return await begin()
  } catch (error) {
    throw await causeOf(error)
  }
}

/** lmdb rejects a second promise with the cause; unhandled that one would end the process. */
async function causeOf(error: unknown): Promise<unknown> {
  const cause = (error as { commitError?: Promise<never> }).commitError
  if (cause === undefined) return error
  const { promise: late, resolve } = Promise.withResolvers<unknown>()
  const timer = setTimeout(() => resolve(error), CAUSE_MS)
  try {
    return await Promise.race([cause.catch((reason: unknown) => reason), late])
  } finally {
    clearTimeout(timer)
  }
}
