import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Said aloud when not. */
export function canMount(): boolean {
  try {
    unmount(mountSmallDisk())
    return true
  } catch (error) {
    console.warn(`\n  The full disk test is SKIPPED: a small disk cannot be mounted here (${(error as Error).message.trim()})\n`)
    return false
  }
}

/** A disk in memory. */
export function mountSmallDisk(mebibytes = 64): string {
  const directory = mkdtempSync(join(tmpdir(), 'skein-small-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'skein', directory], { stdio: 'pipe' })
    return directory
  } catch (error) {
    rmSync(directory, { recursive: true })
    throw error
  }
}

export function unmount(directory: string): void {
  execFileSync('umount', ['-l', directory])
  rmSync(directory, { recursive: true, force: true })
}

/** Writes until the disk takes no more. */
export function fill(path: string): void {
  const { bavail, bsize } = statfsSync(join(path, '..'))
  let bytes = bavail * bsize
  for (;;) {
    try {
      writeFileSync(path, Buffer.alloc(64 * 1024), { flag: 'a' })
    } catch {
      return
    }
    bytes -= 64 * 1024
    if (bytes < -64 * 1024 * 1024) throw new Error('the small disk does not fill')
  }
}
