import type { ConsumeHandler, Subscription } from '../contract.ts'
import { createMember, createSubscription, grant, type GroupOptions, keyOf, type Member, pump, pumpSoon, revoke } from './member.ts'

/** How long a rebalance waits for a handler call that is running. */
const REVOKE_WAIT_MS = 10_000

/** The subscriptions of one group in this process, and who of them owns which partition. */
export interface Group {
  join(topics: readonly string[], handler: ConsumeHandler): Promise<Subscription>
  /** Hands out what there is of a topic; says whether there was anything. */
  poll(topic: string): boolean
  topics(): string[]
  /** Returns how many handler calls did not end in time. */
  stop(deadlineMs: number): Promise<number>
}

interface State {
  options: GroupOptions
  members: Member[]
  /** Rebalances run one after the other. */
  rebalancing: Promise<void>
}

export function createGroup(options: GroupOptions): Group {
  const state: State = { options, members: [], rebalancing: Promise.resolve() }
  const { members } = state
  return {
    join: async (topics, handler) => {
      await options.commits.register(options.group, topics)
      const member = createMember(topics, handler)
      members.push(member)
      await rebalance(state, REVOKE_WAIT_MS)
      member.started = true
      for (const owned of member.owned.values()) pumpSoon(member, owned, options, (error) => fail(state, member, error))
      return createSubscription(member, options, { stop: (deadlineMs) => leave(state, member, deadlineMs), fail: (error) => fail(state, member, error) })
    },
    poll: (topic) => {
      let found = false
      for (const member of members) {
        for (const owned of member.owned.values()) {
          if (owned.topic === topic && pump(member, owned, options, (error) => fail(state, member, error))) found = true
        }
      }
      return found
    },
    topics: () => [...new Set(members.flatMap((member) => member.topics))],
    stop: async (deadlineMs) => {
      let remaining = 0
      for (const member of [...members]) remaining += await leave(state, member, deadlineMs)
      return remaining
    },
  }
}

function rebalance(state: State, waitMs: number): Promise<void> {
  state.rebalancing = state.rebalancing.then(() => moveOwners(state, waitMs))
  return state.rebalancing
}

async function moveOwners(state: State, waitMs: number): Promise<void> {
  const { members, options } = state
  const target = assign(members, options.partitions)
  for (const member of members) {
    const lost = [...member.owned.values()].filter((owned) => target.get(keyOf(owned.topic, owned.partition)) !== member)
    if (lost.length > 0) await guard(state, member, () => revoke(member, lost, waitMs))
  }
  for (const [key, member] of target) if (!member.owned.has(key) && !member.gone) await guard(state, member, () => start(state, member, key))
  for (let index = members.length - 1; index >= 0; index--) if (members[index]?.gone === true) members.splice(index, 1)
}

async function start(state: State, member: Member, key: string): Promise<void> {
  const owned = await grant(member, key, state.options)
  pumpSoon(member, owned, state.options, (error) => fail(state, member, error))
}

async function guard(state: State, member: Member, step: () => Promise<void>): Promise<void> {
  try {
    await step()
  } catch (error) {
    fail(state, member, error)
  }
}

/** The member leaves; others take over from its last commit. */
function fail(state: State, member: Member, error: unknown): void {
  member.failed.reject(error)
  if (member.gone) return
  member.gone = true
  void rebalance(state, REVOKE_WAIT_MS)
}

async function leave(state: State, member: Member, deadlineMs: number): Promise<number> {
  const held = [...member.owned.values()]
  member.gone = true
  await rebalance(state, deadlineMs)
  return held.filter((owned) => owned.running !== null).length
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
