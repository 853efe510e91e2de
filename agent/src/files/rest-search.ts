import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Position } from '../positions/position-store.ts'
import { type ByteSource, createFileSource } from './byte-source.ts'
import { isSameContent } from './fingerprint.ts'
import { createGzipSource } from './gzip-source.ts'
import { keyOf, type Sibling, siblingsOf } from './rotation.ts'

/** A file opened where the rest of another can be read. */
export interface Rest {
  source: ByteSource
  sibling: Sibling
}

/** Not known before it was unpacked. */
export const UNKNOWN_SIZE = Number.MAX_SAFE_INTEGER

/** Whoever gets a source closes it. Opened without waiting, should it have become a pipe. */
export async function openSource(path: string): Promise<{ source: ByteSource; key: string; size: number; mtimeMs: number; device: number; inode: number }> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const stat = await handle.stat()
  return { source: createFileSource(handle), key: keyOf(stat), size: stat.size, mtimeMs: stat.mtimeMs, device: stat.dev, inode: stat.ino }
}

/**
 * Where a file that was renamed, copied and truncated, or compressed can be read on: the same file under another name, or one beside it with the same
 * bytes at its head and before the position. 'gone' when there is none, 'away' when its directory is (it may come back).
 */
export async function findRest(position: Position, taken: (key: string) => boolean): Promise<Rest | 'gone' | 'away'> {
  const siblings = siblingsOf(position.path)
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

/**
 * Files that came and went between two looks: written to after the one whose name was lost, and like none that is known. Oldest first.
 */
export async function findMissed(position: Position, known: { followed: (key: string) => boolean; positions: readonly Position[] }): Promise<Rest[]> {
  const missed: Rest[] = []
  for (const sibling of (siblingsOf(position.path) ?? []).reverse()) {
    if (sibling.path === position.path || known.followed(sibling.key) || sibling.mtimeMs <= position.mtimeMs || sibling.size === 0) continue
    const source = await openSibling(sibling)
    if (source === null) continue
    if (await isKnown(source, known.positions)) await source.close()
    else missed.push({ source, sibling })
  }
  return missed
}

async function isKnown(source: ByteSource, positions: readonly Position[]): Promise<boolean> {
  for (const position of positions) if (position.headBytes > 0 && (await isSameContent(source, position).catch(() => true))) return true
  return false
}

async function openSibling(sibling: Sibling): Promise<ByteSource | null> {
  if (sibling.gzip) return createGzipSource(sibling.path)
  return openSource(sibling.path).then(
    ({ source }) => source,
    () => null,
  )
}
