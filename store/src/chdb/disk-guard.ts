import { readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StoreDamagedError, StoreUnavailableError } from '../errors.ts'

/** What inserts leave free of a disk, unless it is small. */
const RESERVE_BYTES = 256 * 1024 * 1024
const RESERVE_SHARE = 1 / 8
/** Of the reserve: with less, a write may fail, or have failed. */
const DOUBT_SHARE = 1 / 4
const LOOK_MS = 250
/** Above the reserve: more than a disk takes in a second. */
const CALM_BYTES = 8 * 1024 * 1024 * 1024
const CALM_LOOK_MS = 1000
/** Times of parts are whole seconds. */
const CLOCK_SLACK_S = 2
/** Never empty. */
const DESCRIPTION = /\.(?:txt|json|dat)$/

export interface DiskGuardOptions {
  directory: string
  /** Runs a constant statement. */
  change: (statement: string) => Promise<void>
  /** Rows of a constant statement. */
  inspect: (statement: string) => Promise<unknown[][]>
  diskBytes?: (directory: string) => { free: number; total: number }
}

export interface DiskGuard {
  /** Runs an insert. Rejects with `StoreUnavailableError` when the disk has no room for it, or may not have taken it whole. */
  insert(run: () => Promise<void>): Promise<void>
  /** Rejects with `StoreDamagedError` when there are parts that the disk did not take whole. */
  readonly failed: Promise<never>
  close(): void
}

/**
 * chDB 26.7.2.1 does not notice a write that fails: what it inserts or merges on a full disk are parts of empty files, and what those were merged from
 * is removed some seconds later. So nothing is inserted below a reserve, nothing is merged when the disk is all but full, and the parts of the
 * time in which it became so are compared with what the disk has of them.
 */
export function createDiskGuard(options: DiskGuardOptions): DiskGuard {
  const { directory, diskBytes = bytesOfDisk, change, inspect } = options
  const reserve = reserveOf(diskBytes(directory).total)
  const closing = new AbortController()
  let inserting = 0
  /** What was written before is whole. */
  let wholeUntilMs = performance.now()

  const free = (): number => diskBytes(directory).free
  const doubts = countDoubts(() => free() < reserve * DOUBT_SHARE)
  const inDoubt = doubts.look

  async function watch(): Promise<never> {
    for (;;) {
      if (!inDoubt() || (await rested())) wholeUntilMs = performance.now()
      await sleep(free() > reserve + CALM_BYTES ? CALM_LOOK_MS : LOOK_MS, undefined, { signal: closing.signal, ref: false })
    }
  }

  /** False when the engine did not do as told: to be tried again. */
  async function rested(): Promise<boolean> {
    try {
      await rest()
      return true
    } catch (error) {
      if (error instanceof StoreDamagedError || closing.signal.aborted) throw error
      return false
    }
  }

  /** Nothing is written until there is room again. */
  async function rest(): Promise<void> {
    await change('SYSTEM STOP MERGES')
    while (inserting > 0 || Number((await inspect('SELECT count() FROM system.merges'))[0]?.[0]) > 0) {
      inDoubt()
      await sleep(LOOK_MS / 10, undefined, { signal: closing.signal })
    }
    const seconds = Math.ceil((performance.now() - wholeUntilMs) / 1000) + CLOCK_SLACK_S
    const parts = await inspect(
      `SELECT path, bytes_on_disk FROM system.parts WHERE database = currentDatabase() AND active AND modification_time >= now() - ${seconds}`,
    )
    const broken = parts.flatMap(([path, bytes]) => (isWhole(String(path), Number(bytes)) ? [] : [String(path)]))
    if (broken.length > 0) throw new StoreDamagedError(`the disk became full while these parts were written, and they are not whole: ${broken.join(', ')}`)
    while (free() < reserve) await sleep(LOOK_MS, undefined, { signal: closing.signal, ref: false })
    await change('SYSTEM START MERGES')
  }

  const failed = watch().catch((error: unknown) => (closing.signal.aborted ? new Promise<never>(() => undefined) : Promise.reject(error)))
  // Whoever holds the store hears of it once it is open.
  failed.catch(() => undefined)
  return {
    failed,
    async insert(run) {
      const bytes = free()
      if (bytes < reserve) throw new StoreUnavailableError(`ENOSPC: ${bytes} bytes are free under ${directory}, and the store leaves ${reserve} free`)
      const before = doubts.seen()
      inserting++
      try {
        await run()
      } finally {
        inserting--
      }
      // the disk may have been emptied again while a slow insert was under way
      if (inDoubt() || doubts.seen() !== before) throw new StoreUnavailableError(`ENOSPC: the disk under ${directory} became full during an insert`)
    },
    close: () => closing.abort(),
  }
}

/**
 * To open a store writes its schema, and a schema that a full disk took in part could not be opened ever again.
 * Throws `StoreUnavailableError` when there is no room for that.
 */
export function demandRoomToOpen(directory: string, diskBytes = bytesOfDisk): void {
  const { free, total } = diskBytes(directory)
  const least = reserveOf(total) * DOUBT_SHARE
  if (free < least) throw new StoreUnavailableError(`ENOSPC: ${free} bytes are free under ${directory}, and the store needs ${least} to open`)
}

/** Whether the disk is all but full, and how many looks found it so. */
function countDoubts(isDoubt: () => boolean): { look(): boolean; seen(): number } {
  let seen = 0
  return {
    look() {
      const doubt = isDoubt()
      if (doubt) seen++
      return doubt
    },
    seen: () => seen,
  }
}

function reserveOf(total: number): number {
  return Math.floor(Math.min(RESERVE_BYTES, total * RESERVE_SHARE))
}

function bytesOfDisk(directory: string): { free: number; total: number } {
  const { bavail, blocks, bsize } = statfsSync(directory)
  return { free: bavail * bsize, total: blocks * bsize }
}

/** `bytes` are those of its columns and indexes; what describes the part lies beside them. */
function isWhole(path: string, bytes: number): boolean {
  let found = 0
  try {
    for (const file of readdirSync(path, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue
      const { size } = statSync(join(file.parentPath, file.name))
      if (size === 0 && DESCRIPTION.test(file.name)) return false
      found += size
    }
  } catch (error) {
    // Merged into another meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true
    throw error
  }
  return found >= bytes
}
