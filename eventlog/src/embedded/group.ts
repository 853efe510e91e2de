import type { Commit, ConsumeHandler, Subscription } from '../contract.ts'
import { MAX_NOTE_BYTES } from '../contract.ts'
import { OwnershipLostError } from '../errors.ts'
import type { Commits } from './commits.ts'
import type { TopicReader } from './topic-reader.ts'

/** How long a rebalance waits for a handler call that is running. */
const REVOKE_WAIT_MS = 10_000

export interface GroupOptions {
  group: string
  commits: Commits
  reader: (topic: string) => TopicReader
  partitions: (topic: string) => number
  /** Largest run handed to a handler. */
  fetchBytes: number
}

/** The subscriptions of one group in this process: who owns which partition, and what each was handed. */
export interface Group {
  join(topics: readonly string[], handler: ConsumeHandler): Promise<Subscription>
  /** Hands out what there is. Cheap when there is nothing. */
  poll(topic: string): void
  topics(): string[]
  stop(deadlineMs: number): Promise<number>
}

interface Owned {
  topic: string
  partition: number
  next: number
  paused: boolean
  running: Promise<void> | null
  leaving: boolean
}

interface Member {
  topics: readonly string[]
  handler: ConsumeHandler
  owned: Map<string, Owned>
  commits: Set<Promise<void>>
  failed: PromiseWithResolvers<never>
  gone: boolean
}

export function createGroup(options: GroupOptions): Group {
  const members: Member[] = []
  let rebalancing: Promise<void> = Promise.resolve()

  function rebalance(waitMs: number): Promise<void> {
    rebalancing = rebalancing.then(() => runRebalance(waitMs))
    return rebalancing
  }

  async function runRebalance(waitMs: number): Promise<void> {
    const target = assign(members, options.partitions)
    for (const member of members) {
      const lost = [...member.owned.values()].filter((owned) => target.get(keyOf(owned.topic, owned.partition)) !== member)
      if (lost.length > 0) await guard(member, () => revoke(member, lost, waitMs))
    }
    for (const [key, member] of target) if (!member.owned.has(key) && !member.gone) await guard(member, () => grant(member, key))
    for (let index = members.length - 1; index >= 0; index--) if (members[index]?.gone === true) members.splice(index, 1)
  }

  async function grant(member: Member, key: string): Promise<void> {
    const { topic, partition } = parseKey(key)
    const reader = options.reader(topic)
    reader.refresh()
    const stored = options.commits.read(options.group, topic, partition)
    const earliest = reader.earliest(partition)
    const from = await member.handler.assigned({ topic, partition, committed: stored?.next ?? null, note: stored?.note ?? null, earliest })
    member.owned.set(key, { topic, partition, next: from ?? stored?.next ?? earliest, paused: false, running: null, leaving: false })
  }

  async function guard(member: Member, step: () => Promise<void>): Promise<void> {
    try {
      await step()
    } catch (error) {
      fail(member, error)
    }
  }

  function fail(member: Member, error: unknown): void {
    member.failed.reject(error)
    if (member.gone) return
    member.gone = true
    void rebalance(REVOKE_WAIT_MS)
  }

  function pump(member: Member, owned: Owned): void {
    if (owned.paused || owned.leaving || owned.running !== null || member.gone) return
    const run = options.reader(owned.topic).read(owned.partition, owned.next, options.fetchBytes)
    if (run.records.length === 0) {
      owned.next = run.next
      return
    }
    owned.running = member.handler
      .records(owned.topic, owned.partition, run.records)
      .then(
        () => {
          owned.next = run.next
          setImmediate(() => pump(member, owned))
        },
        (error: unknown) => fail(member, error),
      )
      .finally(() => {
        owned.running = null
      })
  }

  return {
    join: async (topics, handler) => {
      await options.commits.register(options.group, topics)
      const member: Member = { topics, handler, owned: new Map(), commits: new Set(), failed: Promise.withResolvers(), gone: false }
      // Nobody has to look at `failed`.
      member.failed.promise.catch(() => undefined)
      members.push(member)
      await rebalance(REVOKE_WAIT_MS)
      return createSubscription(member, options, (deadlineMs) => leave(member, deadlineMs, rebalance))
    },
    poll: (topic) => {
      for (const member of members) {
        for (const owned of member.owned.values()) if (owned.topic === topic) pump(member, owned)
      }
    },
    topics: () => [...new Set(members.flatMap((member) => member.topics))],
    stop: async (deadlineMs) => {
      let remaining = 0
      for (const member of [...members]) remaining += await leave(member, deadlineMs, rebalance)
      return remaining
    },
  }
}

function createSubscription(member: Member, options: GroupOptions, stop: (deadlineMs: number) => Promise<number>): Subscription {
  function setPaused(topic: string, partition: number, paused: boolean): void {
    const owned = member.owned.get(keyOf(topic, partition))
    if (owned !== undefined) owned.paused = paused
  }
  return {
    pause: (topic, partition) => setPaused(topic, partition, true),
    resume: (topic, partition) => setPaused(topic, partition, false),
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

function checkCommit(member: Member, options: GroupOptions, commit: Commit): void {
  const { topic, partition, next, note } = commit
  if (!member.owned.has(keyOf(topic, partition))) {
    throw new OwnershipLostError(`${topic} partition ${partition} is no longer owned by this subscription of ${options.group}`)
  }
  if (Buffer.byteLength(note) > MAX_NOTE_BYTES) throw new RangeError(`a commit note has at most ${MAX_NOTE_BYTES} bytes`)
  const before = options.commits.read(options.group, topic, partition)?.next ?? 0
  if (next < before) throw new RangeError(`${topic} partition ${partition}: commit of ${next} is before the committed ${before}`)
}

/** Takes partitions away: no new runs, the running one ends, the handler may still commit in `revoked`, then it may not. */
async function revoke(member: Member, lost: readonly Owned[], waitMs: number): Promise<void> {
  for (const owned of lost) owned.leaving = true
  try {
    await within(
      lost.map((owned) => owned.running),
      waitMs,
    )
    await member.handler.revoked(lost.map(({ topic, partition }) => ({ topic, partition })))
  } finally {
    for (const owned of lost) member.owned.delete(keyOf(owned.topic, owned.partition))
    await Promise.allSettled(member.commits)
  }
}

/** Returns how many handler calls did not end in time. */
async function leave(member: Member, deadlineMs: number, rebalance: (waitMs: number) => Promise<void>): Promise<number> {
  const held = [...member.owned.values()]
  member.gone = true
  await rebalance(deadlineMs)
  return held.filter((owned) => owned.running !== null).length
}

async function within(running: readonly (Promise<void> | null)[], waitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs)
  })
  await Promise.race([Promise.allSettled(running.map((each) => each ?? Promise.resolve())), late])
  clearTimeout(timer)
}

/** Partition → member, even over the subscribers of each topic in the order they joined. */
function assign(members: readonly Member[], partitions: (topic: string) => number): Map<string, Member> {
  const target = new Map<string, Member>()
  const live = members.filter((member) => !member.gone)
  for (const topic of new Set(live.flatMap((member) => member.topics))) {
    const subscribers = live.filter((member) => member.topics.includes(topic))
    for (let partition = 0; partition < partitions(topic); partition++) {
      target.set(keyOf(topic, partition), subscribers[partition % subscribers.length] as Member)
    }
  }
  return target
}

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`
}

function parseKey(key: string): { topic: string; partition: number } {
  const slash = key.lastIndexOf('/')
  return { topic: key.slice(0, slash), partition: Number(key.slice(slash + 1)) }
}
