import type { Commit, ConsumeHandler, Subscription } from '../contract.ts'
import { MAX_NOTE_BYTES } from '../contract.ts'
import { OwnershipLostError } from '../errors.ts'
import type { Commits } from './commits.ts'
import type { TopicReader } from './topic-reader.ts'

export interface GroupOptions {
  group: string
  commits: Commits
  reader: (topic: string) => TopicReader
  partitions: (topic: string) => number
  /** Largest run handed to a handler. */
  fetchBytes: number
}

/** A partition in the hands of a member. */
export interface Owned {
  topic: string
  partition: number
  next: number
  paused: boolean
  running: Promise<void> | null
  leaving: boolean
}

/** One subscription of a group. */
export interface Member {
  topics: readonly string[]
  handler: ConsumeHandler
  owned: Map<string, Owned>
  /** Writes under way: a new owner is told of a commit only after these. */
  commits: Set<Promise<void>>
  failed: PromiseWithResolvers<never>
  /** Nothing is handed out before `consume` has returned the subscription that its handler commits with. */
  started: boolean
  gone: boolean
}

export function createMember(topics: readonly string[], handler: ConsumeHandler): Member {
  const failed = Promise.withResolvers<never>()
  // Nobody has to look at it.
  failed.promise.catch(() => undefined)
  return { topics, handler, owned: new Map(), commits: new Set(), failed, started: false, gone: false }
}

export interface SubscriptionEnd {
  stop(deadlineMs: number): Promise<number>
  fail(error: unknown): void
}

export function createSubscription(member: Member, options: GroupOptions, { stop, fail }: SubscriptionEnd): Subscription {
  return {
    pause: (topic, partition) => {
      const owned = member.owned.get(keyOf(topic, partition))
      if (owned !== undefined) owned.paused = true
    },
    resume: (topic, partition) => {
      const owned = member.owned.get(keyOf(topic, partition))
      if (owned === undefined) return
      owned.paused = false
      pumpSoon(member, owned, options, fail)
    },
    commit: async (commits) => {
      if (commits.length === 0) return
      for (const commit of commits) checkCommit(member, options, commit)
      const write = options.commits.write(options.group, commits)
      member.commits.add(write)
      try {
        await write
      } finally {
        member.commits.delete(write)
      }
    },
    failed: member.failed.promise,
    stop: async (deadlineMs) => ({ remaining: await stop(deadlineMs) }),
  }
}

function checkCommit(member: Member, options: GroupOptions, { topic, partition, next, note }: Commit): void {
  if (!member.owned.has(keyOf(topic, partition))) {
    throw new OwnershipLostError(`${topic} partition ${partition} is no longer owned by this subscription of ${options.group}`)
  }
  if (Buffer.byteLength(note) > MAX_NOTE_BYTES) throw new RangeError(`a commit note has at most ${MAX_NOTE_BYTES} bytes`)
  const before = options.commits.read(options.group, topic, partition)?.next ?? 0
  if (next < before) throw new RangeError(`${topic} partition ${partition}: commit of ${next} is before the committed ${before}`)
}

/** Hands the next run to the handler unless one is there already; says whether it did. */
export function pump(member: Member, owned: Owned, options: GroupOptions, fail: (error: unknown) => void): boolean {
  if (owned.paused || owned.leaving || owned.running !== null || !member.started || member.gone) return false
  const run = options.reader(owned.topic).read(owned.partition, owned.next, options.fetchBytes)
  if (run.records.length === 0) {
    owned.next = run.next
    return false
  }
  owned.running = hand(member, owned, run.records).then(
    () => {
      owned.next = run.next
      owned.running = null
      pumpSoon(member, owned, options, fail)
    },
    (error: unknown) => {
      owned.running = null
      fail(error)
    },
  )
  return true
}

/** Not at once: other partitions and I/O come in between. */
export function pumpSoon(member: Member, owned: Owned, options: GroupOptions, fail: (error: unknown) => void): void {
  setImmediate(() => {
    try {
      pump(member, owned, options, fail)
    } catch (error) {
      fail(error)
    }
  })
}

/** Async, so that a handler that throws rejects. */
async function hand(member: Member, owned: Owned, records: Parameters<ConsumeHandler['records']>[2]): Promise<void> {
  await member.handler.records(owned.topic, owned.partition, records)
}

/** Takes a partition up: asks the handler where to read from. */
export async function grant(member: Member, key: string, options: GroupOptions): Promise<Owned> {
  const { topic, partition } = parseKey(key)
  const reader = options.reader(topic)
  reader.refresh()
  const stored = options.commits.read(options.group, topic, partition)
  const earliest = reader.earliest(partition)
  const from = await member.handler.assigned({ topic, partition, committed: stored?.next ?? null, note: stored?.note ?? null, earliest })
  const owned: Owned = { topic, partition, next: from ?? stored?.next ?? earliest, paused: false, running: null, leaving: false }
  member.owned.set(key, owned)
  return owned
}

/** Takes partitions away: no new runs, the running one ends or `waitMs` pass, the handler may still commit in `revoked`, then it may not. */
export async function revoke(member: Member, lost: readonly Owned[], waitMs: number): Promise<void> {
  for (const owned of lost) owned.leaving = true
  try {
    await within(
      lost.map((owned) => owned.running ?? Promise.resolve()),
      waitMs,
    )
    await member.handler.revoked(lost.map(({ topic, partition }) => ({ topic, partition })))
  } finally {
    for (const owned of lost) member.owned.delete(keyOf(owned.topic, owned.partition))
    await Promise.allSettled(member.commits)
  }
}

async function within(running: readonly Promise<void>[], waitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs)
  })
  await Promise.race([Promise.allSettled(running), late])
  clearTimeout(timer)
}

export function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`
}

function parseKey(key: string): { topic: string; partition: number } {
  const slash = key.lastIndexOf('/')
  return { topic: key.slice(0, slash), partition: Number(key.slice(slash + 1)) }
}
