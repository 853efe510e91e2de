import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What the kernel says in files, below a root. Paths are relative. */
export interface HostFiles {
  /** Null for what is not there or cannot be read. */
  read(path: string): Promise<string | null>
  /** Names of directories in a directory, sorted; none when it cannot be read. */
  directories(path: string): Promise<string[]>
}

export function hostFiles(root: string): HostFiles {
  return {
    read: (path) => readFile(join(root, path), 'utf8').catch(() => null),
    async directories(path) {
      const entries = await readdir(join(root, path), { withFileTypes: true }).catch(() => [])
      return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted()
    },
  }
}
