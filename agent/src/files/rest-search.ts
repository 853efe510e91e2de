import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Position } from '../positions/position-store.ts'
import { type ByteSource, createFileSource } from './byte-source.ts'
import { isSameContent } from './fingerprint.ts'
import { createGzipSource } from './gzip-source.ts'
import { basePathOf, createRotatedNames, keyOf, type RotatedNames, type Sibling, siblingsOf } from './rotation.ts'

/** A file opened where the rest of another can be read. */
export interface Rest {
  source: ByteSource
  sibling: Sibling
}

/** Not known before it was unpacked. */
export const UNKNOWN_SIZE = Number.MAX_SAFE_INTEGER

/** Whoever gets a source closes it. */
export async function openSource(path: string): Promise<{ source: ByteSource; key: string; size: number; mtimeMs: number; device: number; inode: number }> {
  const handle = await openHandle(path)
  const stat = await handle.stat()
  return { source: createFileSource(handle), key: keyOf(stat), size: stat.size, mtimeMs: stat.mtimeMs, device: stat.dev, inode: stat.ino }
}

/**
 * Where a file that was renamed, copied and truncated, or compressed can be read on: the same file under another name, or one beside it with the same
 * bytes at its head and before the position. 'gone' when there is none, 'away' when its directory is (it may come back).
 */
export async function findRest(
  position: Position,
  { taken, rotated = createRotatedNames() }: { taken: (key: string) => boolean; rotated?: RotatedNames },
): Promise<Rest | 'gone' | 'away'> {
  // Of a file that was empty nothing was sent, and nothing tells it from what has its place by now: what it held is found as new.
  if (position.headBytes === 0) return 'gone'
  const siblings = siblingsOf(position.path, rotated)
  if (siblings === null) return 'away'
  const own = `${position.device}:${position.inode}`
  const candidates = [...siblings].sort((a, b) => rank(a, own) - rank(b, own))
  for (const sibling of candidates) {
    if (taken(sibling.key) || (!sibling.gzip && sibling.size < position.offset)) continue
    const source = await openSibling(sibling)
    if (source === null) continue
    if (await isSameContent(source, position).catch(() => false)) return { source, sibling }
    await source.close()
  }
  return 'gone'
}

/** The same file first, then copies, then what has to be unpacked. */
function rank(sibling: Sibling, own: string): number {
  if (sibling.key === own) return 0
  return sibling.gzip ? 2 : 1
}

export interface StrangerOptions {
  sinceMs: number
  followed: (key: string) => boolean
  /** What files looked like at the last look, and what they look like at this one. */
  before: ReadonlyMap<string, string>
  seen: Map<string, string>
  rotated: RotatedNames
}

/** Rotated files of a log that nobody follows, that have not changed since the last look, and were last written to after `sinceMs`. Oldest first. */
export function strangers(path: string, { sinceMs, followed, before, seen, rotated }: StrangerOptions): Sibling[] {
  const base = basePathOf(path)
  const found = (siblingsOf(path, rotated) ?? []).filter(
    (sibling) => sibling.path !== base && sibling.size > 0 && sibling.mtimeMs >= sinceMs && !followed(sibling.key),
  )
  return found.reverse().filter((sibling) => {
    const now = `${sibling.size} ${sibling.mtimeMs}`
    seen.set(sibling.key, now)
    return before.get(sibling.key) === now
  })
}

/** Null when it cannot be opened, or when another file has its name by now. */
export async function openSibling(sibling: Sibling): Promise<ByteSource | null> {
  const handle = await openHandle(sibling.path).catch(() => null)
  if (handle === null) return null
  if (keyOf(await handle.stat()) === sibling.key) return sibling.gzip ? createGzipSource(handle) : createFileSource(handle)
  await handle.close()
  return null
}

/** Opened without waiting, should it have become a pipe. */
function openHandle(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NONBLOCK)
}
