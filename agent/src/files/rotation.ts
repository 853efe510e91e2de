import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'

/** What tools that rotate logs put behind a name, or before its extension: numbers, dates, `old`. */
const MARK = /^[-._](?:\d[\d\-_.T:Z]*|old|bak|prev)$/

const MARK_AT_END = /[-._](?:\d[\d\-_.T:Z]*|old|bak|prev)$/

/** A file beside a log that may hold what was in it. */
export interface Sibling {
  path: string
  key: string
  size: number
  mtimeMs: number
  gzip: boolean
}

/** True when `name` is what a rotation makes of `base`: `app.log.1`, `app.log-20261125.gz`, `app-2026-11-25.log`. */
export function isRotationOf(name: string, base: string): boolean {
  if (name === base) return false
  const plain = name.endsWith('.gz') ? name.slice(0, -3) : name
  if (plain === base) return true
  if (plain.startsWith(base)) return MARK.test(plain.slice(base.length))
  const extension = extname(base)
  const stem = base.slice(0, base.length - extension.length)
  return extension !== '' && plain.startsWith(stem) && plain.endsWith(extension) && MARK.test(plain.slice(stem.length, -extension.length))
}

/** The path that a rotated file had: of `app.log.2.gz` that of `app.log`. A path that carries no mark is its own. */
export function basePathOf(path: string): string {
  const plain = path.endsWith('.gz') ? path.slice(0, -3) : path
  return plain.replace(MARK_AT_END, '')
}

/** True for two files that one log may have been. */
export function areOfOneLog(path: string, other: string): boolean {
  const base = basePathOf(other)
  if (basePathOf(path) === base) return path !== other
  return dirname(path) === dirname(base) && isRotationOf(basename(path), basename(base))
}

/** The file system's name of a file, whatever its path. */
export function keyOf({ dev, ino }: { dev: number; ino: number }): string {
  return `${dev}:${ino}`
}

/** True when that is the file's place in the file system: what `keyOf` says, without a text for each look. */
export function isAt({ device, inode }: { device: number; inode: number }, { dev, ino }: { dev: number; ino: number }): boolean {
  return device === dev && inode === ino
}

/** Names in a directory by the logs they may be of, so that many logs of one directory cost one listing. */
export type RotatedNames = (directory: string) => ReadonlyMap<string, readonly string[]> | null

/** Lists each directory once; null for one that is gone. */
export function createRotatedNames(): RotatedNames {
  const listed = new Map<string, Map<string, string[]> | null>()
  return (directory) => {
    let names = listed.get(directory)
    if (names === undefined) {
      names = namesByLog(directory)
      listed.set(directory, names)
    }
    return names
  }
}

function namesByLog(directory: string): Map<string, string[]> | null {
  let names: string[]
  try {
    names = readdirSync(directory)
  } catch {
    return null
  }
  const byLog = new Map<string, string[]>()
  for (const name of names) for (const log of new Set([name, basePathOf(name), unmarked(name)])) byLog.set(log, [...(byLog.get(log) ?? []), name])
  return byLog
}

/** Of `app-2026-11-25.log` it is `app.log`. */
function unmarked(name: string): string {
  const plain = name.endsWith('.gz') ? name.slice(0, -3) : name
  const extension = extname(plain)
  return plain.slice(0, plain.length - extension.length).replace(MARK_AT_END, '') + extension
}

/** Regular files that the log of `path` was rotated to, and the one that it is now; null when its directory is gone. Newest first. */
export function siblingsOf(path: string, rotated: RotatedNames): Sibling[] | null {
  const directory = dirname(path)
  const base = basename(basePathOf(path))
  const names = rotated(directory)
  if (names === null) return null
  return (names.get(base) ?? [])
    .filter((name) => name === base || isRotationOf(name, base))
    .flatMap((name) => {
      const sibling = join(directory, name)
      const stat = statSync(sibling, { throwIfNoEntry: false })
      if (stat?.isFile() !== true) return []
      return [{ path: sibling, key: keyOf(stat), size: stat.size, mtimeMs: stat.mtimeMs, gzip: name.endsWith('.gz') }]
    })
    .sort((a, b) => b.mtimeMs - a.mtimeMs)
}
