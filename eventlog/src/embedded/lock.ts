import { linkSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { hrtime, kill, pid, ppid } from 'node:process'
import { LogLockedError } from '../errors.ts'

const REFRESH_MS = 5000
/** A holder on another host (a shared volume) counts as alive while its lock was refreshed within this. */
const FOREIGN_STALE_MS = 30_000

interface Holder {
  pid: number
  host: string
  /** Boot and start time of the process, so that a reused pid is not taken for the holder; empty where /proc is missing. */
  birth: string
  /** Its parent when it took the lock. */
  parent: number
}

export interface Lock {
  /** The holder before died without releasing it. */
  readonly takenOver: boolean
  release(): void
}

/**
 * Takes `<directory>/<role>.lock`. Throws `LogLockedError` naming the holder while it lives; takes over the lock of a dead process.
 * A timer keeps the file young, for hosts that cannot see our pid.
 */
export function takeLock(directory: string, role: string): Lock {
  const path = join(directory, `${role}.lock`)
  const mine: Holder = { pid, host: hostname(), birth: birthOf(pid), parent: ppid }
  const fresh = `${path}.${pid}.${hrtime.bigint()}`
  writeFileSync(fresh, JSON.stringify(mine))
  let takenOver = false
  try {
    takenOver = claim(path, fresh, role)
  } finally {
    rmSync(fresh, { force: true })
  }
  const timer = setInterval(() => refresh(path), REFRESH_MS)
  timer.unref()
  return {
    takenOver,
    release: () => {
      clearInterval(timer)
      if (holderOf(path)?.pid === pid) rmSync(path, { force: true })
    },
  }
}

/** Returns true when a dead holder's lock had to go first. */
function claim(path: string, fresh: string, role: string): boolean {
  for (let attempt = 0; ; attempt++) {
    try {
      // A link is made or refused in one step, whole content included.
      linkSync(fresh, path)
      return attempt > 0
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt === 3) throw error
    }
    const holder = holderOf(path)
    if (holder !== null && lives(path, holder)) {
      const who = `process ${holder.pid} on ${holder.host}`
      throw new LogLockedError(`the event log's ${role} side is in use by ${who} (${path}); stop it first`, isOrphan(holder))
    }
    rmSync(path, { force: true })
  }
}

function lives(path: string, holder: Holder): boolean {
  if (holder.host !== hostname()) return new Date().getTime() - statSync(path).mtimeMs < FOREIGN_STALE_MS
  try {
    kill(holder.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return holder.birth === birthOf(holder.pid)
}

function holderOf(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder
  } catch {
    return null
  }
}

/** Whoever started it is gone. A process that is watched ends itself then. */
function isOrphan(holder: Holder): boolean {
  if (holder.host !== hostname()) return false
  try {
    return Number(statOf(holder.pid)[1]) !== holder.parent
  } catch {
    return false
  }
}

/** Fields of /proc/pid/stat from the third on; the command before them may hold spaces and brackets. */
function statOf(processId: number): string[] {
  const stat = readFileSync(`/proc/${processId}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function birthOf(processId: number): string {
  try {
    const started = statOf(processId)[19] ?? ''
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${started}`
  } catch {
    return ''
  }
}

function refresh(path: string): void {
  const now = new Date()
  try {
    utimesSync(path, now, now)
  } catch {
    // The directory went away under us: appends will say so.
  }
}
