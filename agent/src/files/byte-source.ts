import { fstatSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'

/** Bytes at a place, of a file or of what a compressed file holds. Owned by whoever opened it. */
export interface ByteSource {
  /** Fills the buffer from `position`; fewer bytes than it takes mean the end. */
  read(buffer: Buffer, position: number): Promise<number>
  /** What the file system says now, whatever its names; null when it is not asked. */
  stat(): { size: number; mtimeMs: number; links: number } | null
  close(): Promise<void>
}

export function createFileSource(handle: FileHandle): ByteSource {
  return {
    async read(buffer, position) {
      let filled = 0
      while (filled < buffer.length) {
        const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled)
        if (bytesRead === 0) break
        filled += bytesRead
      }
      return filled
    },
    stat() {
      // A handle that is being closed has no number any more.
      if (handle.fd < 0) return null
      const { size, mtimeMs, nlink } = fstatSync(handle.fd)
      return { size, mtimeMs, links: nlink }
    },
    close: () => handle.close(),
  }
}
