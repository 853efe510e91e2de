import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LogVersionError } from '../errors.ts'

/** Layout of the directory. A reader takes this and older ones; a newer one is refused. */
export const FORMAT = 1

/** Creates the directory or checks that this version may read it. Throws `LogVersionError` for a newer format. */
export function claimFormat(directory: string, unique: string): void {
  mkdirSync(directory, { recursive: true })
  const path = join(directory, 'format.json')
  const found = readFormat(path)
  if (found === null) return writeFormat(path, unique)
  if (found > FORMAT) {
    throw new LogVersionError(`${directory} has event log format ${found}, written by a newer version of Skein; this one reads up to ${FORMAT}`)
  }
}

function readFormat(path: string): number | null {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { format: number }).format
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function writeFormat(path: string, unique: string): void {
  const fresh = `${path}.${unique}`
  writeFileSync(fresh, `${JSON.stringify({ format: FORMAT })}\n`)
  const handle = openSync(fresh, 'r')
  fsyncSync(handle)
  closeSync(handle)
  renameSync(fresh, path)
}
