/** How long a look at the free disk is good for. */
const LOOK_MS = 200

export interface DiskWatch {
  freeBytes(): number
  /** Less than the reserve is free. */
  isFull(): boolean
}

export interface DiskWatchOptions {
  directory: string
  reserveBytes: number
  clock: () => number
  freeDiskBytes: (directory: string) => number
}

export function createDiskWatch({ directory, reserveBytes, clock, freeDiskBytes }: DiskWatchOptions): DiskWatch {
  let lookedAtMs = Number.NEGATIVE_INFINITY
  let free = 0
  function freeBytes(): number {
    const now = clock()
    if (Math.abs(now - lookedAtMs) >= LOOK_MS) {
      free = freeDiskBytes(directory)
      lookedAtMs = now
    }
    return free
  }
  return { freeBytes, isFull: () => freeBytes() < reserveBytes }
}
