import { readdir, readFile, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { keyOf } from '../files/rotation.ts'

/** What the kernel says in files, below a root. Paths are relative. */
export interface HostFiles {
  /** Null for what is not there or cannot be read. */
  read(path: string): Promise<string | null>
  /** Names of directories in a directory, sorted; none when it cannot be read. */
  directories(path: string): Promise<string[]>
  /** The same for two paths that lead to one file; null for what is not there. */
  identity(path: string): Promise<string | null>
  /** Room in the file system at a path; null when it cannot be asked, or when another than that of the device is there. */
  room(path: string, device?: string): Promise<Room | null>
}

/** Bytes of a file system. */
export interface Room {
  total: number
  free: number
  /** What of the free ones others than root may take. */
  available: number
}

export function hostFiles(root: string): HostFiles {
  return {
    read: (path) => readFile(join(root, path), 'utf8').catch(() => null),
    async directories(path) {
      const entries = await readdir(join(root, path), { withFileTypes: true }).catch(() => [])
      return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted()
    },
    async identity(path) {
      const found = await stat(join(root, path)).catch(() => null)
      return found === null ? null : keyOf(found)
    },
    async room(path, device) {
      try {
        // Below another root the path may lead into a file system of the agent's own container.
        if (device !== undefined && root !== '/' && deviceOf((await stat(join(root, path))).dev) !== device) return null
        const { bsize, blocks, bfree, bavail } = await statfs(join(root, path))
        return { total: blocks * bsize, free: bfree * bsize, available: bavail * bsize }
      } catch {
        return null
      }
    },
  }
}

/** Major and minor number as `mountinfo` writes them; the kernel gives the low 32 bits as 12 of the major between 8 and 12 of the minor. */
function deviceOf(dev: number): string {
  return `${(dev >>> 8) & 0xfff}:${(dev & 0xff) | ((dev >>> 12) & 0xfff00)}`
}
