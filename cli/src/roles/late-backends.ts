import { statfs } from 'node:fs/promises'
import type { EventLog } from '@skein/eventlog/contract'
import { LogFullError } from '@skein/eventlog/errors'
import type { Keys } from '@skein/metadata/keys'
import { isDiskFull } from '../start-error.ts'

/** Opening writes a few files, some through mapped memory, and a mapped page that the disk has no room for ends the process. */
const ROOM_TO_OPEN_BYTES = 4 * 1024 * 1024
const LOOK_MS = 1000

export interface Backends {
  log: EventLog
  keys: Keys
  close(deadlineMs: number): Promise<void>
}

export interface LateBackends extends Backends {
  /** Rejects when opening fails for another reason than a full disk, or finds other partitions than were told until then. */
  readonly failed: Promise<never>
}

export interface LateOptions {
  /** Where room is looked for. */
  directory: string
  open: () => Promise<Backends>
  partitions: (topic: string) => number
  /** Told once, with why. */
  waiting: (why: string) => void
}

/**
 * What a collector works with. On a full disk it is opened as soon as there is room: until then the log refuses as a full one, so that clients are
 * told to come again by a collector that is there.
 */
export async function openWhenRoom(options: LateOptions): Promise<LateBackends> {
  const first = await tryOpen(options)
  return typeof first === 'string' ? waitForRoom(options, first) : { ...first, failed: new Promise<never>(() => undefined) }
}

/** Why it cannot be opened for want of room. */
async function tryOpen({ directory, open }: LateOptions): Promise<Backends | string> {
  const { bavail, bsize } = await statfs(directory)
  if (bavail * bsize < ROOM_TO_OPEN_BYTES) return `${bavail * bsize} bytes are free under ${directory}`
  try {
    return await open()
  } catch (error) {
    if (isDiskFull(error)) return String(error)
    throw error
  }
}

function waitForRoom(options: LateOptions, firstWhy: string): LateBackends {
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined)
  let why = firstWhy
  let opened: Backends | null = null
  const told = new Map<string, number>()
  let looking: Promise<void> = Promise.resolve()
  options.waiting(why)
  const look = async (): Promise<void> => {
    const found = await tryOpen(options)
    if (typeof found === 'string') why = found
    else {
      opened = found
      clearInterval(timer)
      await compare(found.log)
    }
  }
  /** A log that was there has as many partitions as it had, which nobody could ask it before. */
  const compare = async (log: EventLog): Promise<void> => {
    for (const [topic, count] of told) {
      const found = await log.partitions(topic)
      if (found !== count) throw new Error(`${topic} has ${found} partitions and not ${count}: to be used, they have to be known from the start`)
    }
  }
  const timer = setInterval(() => {
    looking = looking.then(() => (opened === null ? look() : undefined)).catch((error: unknown) => failed.reject(error))
  }, LOOK_MS)
  const demand = (): Backends => {
    if (opened === null) throw new LogFullError(`the log waits for room on the disk: ${why}`)
    return opened
  }
  const readOnly = (): Promise<never> => Promise.reject(new TypeError('a collector only authenticates and appends'))
  return {
    failed: failed.promise,
    log: {
      partitions: (topic) => {
        const count = options.partitions(topic)
        told.set(topic, count)
        return Promise.resolve(count)
      },
      append: async (topic, records) => demand().log.append(topic, records),
      probe: async () => demand().log.probe(),
      consume: readOnly,
      lag: readOnly,
      close: () => Promise.resolve({ remaining: 0 }),
    },
    keys: { authenticate: async (text) => demand().keys.authenticate(text), create: readOnly, list: readOnly, revoke: readOnly },
    async close(deadlineMs) {
      clearInterval(timer)
      await looking
      await opened?.close(deadlineMs)
    },
  }
}
