import type { Admin, Cluster, Consumer, Kafka } from 'kafkajs'
import kafkajs from 'kafkajs'
import type { Commit, ConsumeHandler, Subscription } from '../contract.ts'
import { MAX_NOTE_BYTES } from '../contract.ts'
import { LogUnavailableError, OwnershipLostError } from '../errors.ts'
import type { Report } from '../report.ts'
import { errorType, RETRY } from './client.ts'
import { fetchState, type PartitionState } from './offsets.ts'
import { createOwned, drain, enqueue, keyOf, type Owned, setFetching } from './owned.ts'

const MAX_WAIT_MS = 200
const HEARTBEAT_MS = 3000
/** How long a rebalance waits for handler calls that run. */
const REVOKE_WAIT_MS = 10_000
const RETRY_ASSIGN_MS = 500
const RETENTION_LOOK_MS = 30_000
/** What the coordinator says to a member whose partitions are somebody else's. */
const FENCED = new Set(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS', 'FENCED_INSTANCE_ID'])

export interface SubscriptionOptions {
  kafka: Kafka
  admin: () => Promise<Admin>
  topics: readonly string[]
  group: string
  handler: ConsumeHandler
  report: Report
  prefetchBytes: number
  sessionMs: number
}

interface State {
  options: SubscriptionOptions
  consumer: Consumer
  owned: Map<string, Owned>
  /** The round of `assigned` calls under way; a rejoin waits for it. */
  taking: Promise<void>
  /** One per membership: a round of `assigned` calls that belongs to an older one ends. */
  membership: object
  /** Commits go one after the other, so that a confirmation belongs to its commit. */
  committing: Promise<unknown>
  confirmed: boolean
  stopping: boolean
  failed: PromiseWithResolvers<never>
}

/**
 * One kafkajs consumer. A rejoin is held until `revoked` has resolved and no commit is under way, so that a commit never crosses into a newer
 * generation: there the coordinator would take it, since it fences generations and knows no partitions.
 */
export async function createKafkaSubscription(options: SubscriptionOptions): Promise<Subscription> {
  const failed = Promise.withResolvers<never>()
  // Nobody has to look at it.
  failed.promise.catch(() => undefined)
  const consumer = options.kafka.consumer({
    groupId: options.group,
    sessionTimeout: options.sessionMs,
    heartbeatInterval: Math.min(HEARTBEAT_MS, options.sessionMs / 3),
    rebalanceTimeout: 60_000,
    maxWaitTimeInMs: MAX_WAIT_MS,
    maxBytesPerPartition: Math.max(1024 * 1024, options.prefetchBytes / 4),
    maxBytes: 32 * 1024 * 1024,
    retry: RETRY,
    partitionAssigners: [
      (config) => {
        holdRejoin(config.cluster, () => giveBack(state, REVOKE_WAIT_MS))
        return kafkajs.PartitionAssigners.roundRobin(config)
      },
    ],
  })
  const state: State = {
    options,
    consumer,
    owned: new Map(),
    taking: Promise.resolve(),
    membership: {},
    committing: Promise.resolve(),
    confirmed: false,
    stopping: false,
    failed,
  }
  listen(state)
  await consumer.connect()
  await consumer.subscribe({ topics: [...options.topics], fromBeginning: true })
  // Not awaited: a group that waits for a member that died lets nobody in before that member's session is over.
  run(state).catch((error: unknown) => fail(state, error))
  const timer = setInterval(() => void lookAtRetention(state), RETENTION_LOOK_MS)
  timer.unref()
  return {
    pause: (topic, partition) => setPaused(state, keyOf(topic, partition), true),
    resume: (topic, partition) => setPaused(state, keyOf(topic, partition), false),
    commit: (commits) => commit(state, commits),
    failed: failed.promise,
    stop: (deadlineMs) => {
      clearInterval(timer)
      return stop(state, deadlineMs)
    },
  }
}

function run(state: State): Promise<void> {
  return state.consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: 16,
    eachBatch: ({ batch, isStale }) => {
      const owned = state.owned.get(keyOf(batch.topic, batch.partition))
      if (owned?.ready === true && !isStale()) enqueue(owned, batch.messages)
      return Promise.resolve()
    },
  })
}

/** kafkajs asks for the coordinator first whenever it joins, and for nothing else here: the one place where a rejoin can be held. */
function holdRejoin(cluster: Cluster, until: () => Promise<void>): void {
  const find = cluster.findGroupCoordinator.bind(cluster)
  cluster.findGroupCoordinator = async (group) => {
    await until()
    return find(group)
  }
}

function listen(state: State): void {
  const { consumer } = state
  consumer.on(consumer.events.COMMIT_OFFSETS, () => {
    state.confirmed = true
  })
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    const membership = {}
    state.membership = membership
    const mine = Object.entries(payload.memberAssignment).map(([topic, partitions]) => ({ topic, partitions: partitions.map(Number) }))
    // Nothing is fetched before `assigned` said from where.
    if (mine.length > 0) consumer.pause(mine)
    state.taking = takeUp(state, mine, membership).catch((error: unknown) => fail(state, error))
  })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    state.options.report('error', 'kafka_consumer_crashed', { group: state.options.group, restart: payload.restart, error: payload.error.message })
    if (!payload.restart) fail(state, payload.error)
  })
}

interface TopicPartitions {
  topic: string
  partitions: number[]
}

async function takeUp(state: State, mine: readonly TopicPartitions[], membership: object): Promise<void> {
  const { options, consumer } = state
  const wanted = new Set(mine.flatMap(({ topic, partitions }) => partitions.map((partition) => keyOf(topic, partition))))
  if (wanted.size === 0) return
  const states = await stateUntilKnown(state, membership)
  for (const found of states.filter(({ topic, partition }) => wanted.has(keyOf(topic, partition)))) {
    if (state.membership !== membership || state.stopping) return
    const owned = createOwned(found, { ...options, consumer, failed: (error) => fail(state, error) })
    state.owned.set(keyOf(found.topic, found.partition), owned)
    const { topic, partition, committed, note, earliest } = found
    const from = await options.handler.assigned({ topic, partition, committed, note, earliest })
    owned.expected = within(options, found, from ?? committed ?? earliest)
    owned.ready = true
    consumer.seek({ topic, partition, offset: String(owned.expected) })
    setFetching(owned)
  }
}

/** Kafka may be away for a moment just after a join. */
async function stateUntilKnown(state: State, membership: object): Promise<PartitionState[]> {
  const { admin, topics, group, report } = state.options
  while (state.membership === membership && !state.stopping) {
    try {
      return await fetchState(await admin(), topics, group)
    } catch (error) {
      report('warn', 'kafka_offsets_unknown', { group, error: String(error) })
      await new Promise((resolve) => setTimeout(resolve, RETRY_ASSIGN_MS))
    }
  }
  return []
}

/** kafkajs resets an offset out of range without a word; so none is asked for. */
function within({ report, group }: SubscriptionOptions, { topic, partition, earliest, end }: PartitionState, from: number): number {
  if (from < earliest) report('error', 'log_records_missing', { group, topic, partition, from, to: earliest, count: earliest - from })
  if (from > end) report('error', 'log_offset_past_end', { group, topic, partition, from, end })
  return Math.min(Math.max(from, earliest), end)
}

/** Everything owned goes back: runs end, `revoked` may still commit, then commits are refused. */
async function giveBack(state: State, waitMs: number): Promise<void> {
  state.membership = {}
  await state.taking
  const held = [...state.owned.values()]
  for (const owned of held) owned.leaving = true
  try {
    if (held.length > 0) {
      await settledWithin(
        held.map(({ running }) => running),
        waitMs,
      )
      await state.options.handler.revoked(held.map(({ topic, partition }) => ({ topic, partition })))
    }
  } catch (error) {
    fail(state, error)
  } finally {
    state.owned.clear()
    await state.committing
  }
}

function commit(state: State, commits: readonly Commit[]): Promise<void> {
  const done = state.committing.then(() => commitNow(state, commits))
  state.committing = done.catch(() => undefined)
  return done
}

async function commitNow(state: State, commits: readonly Commit[]): Promise<void> {
  if (commits.length === 0) return
  for (const each of commits) checkCommit(state, each)
  state.confirmed = false
  try {
    await state.consumer.commitOffsets(commits.map(({ topic, partition, next, note }) => ({ topic, partition, offset: String(next), metadata: note })))
  } catch (error) {
    if (FENCED.has(errorType(error)))
      throw new OwnershipLostError(`${state.options.group} has another owner for these partitions: ${errorType(error)}`, { cause: error })
    throw new LogUnavailableError(`Kafka did not take a commit of ${state.options.group}: ${(error as Error).message}`, { cause: error })
  }
  // A consumer that is stopping resolves without having asked the broker.
  if (!state.confirmed) throw new OwnershipLostError(`a commit of ${state.options.group} was not confirmed: its consumer is leaving`)
  for (const { topic, partition, next } of commits) {
    const owned = state.owned.get(keyOf(topic, partition))
    if (owned !== undefined) owned.committed = next
  }
}

function checkCommit(state: State, { topic, partition, next, note }: Commit): void {
  const owned = state.owned.get(keyOf(topic, partition))
  if (owned === undefined) throw new OwnershipLostError(`${topic} partition ${partition} is no longer owned by this subscription of ${state.options.group}`)
  if (Buffer.byteLength(note) > MAX_NOTE_BYTES) throw new RangeError(`a commit note has at most ${MAX_NOTE_BYTES} bytes`)
  if (next < (owned.committed ?? 0)) throw new RangeError(`${topic} partition ${partition}: commit of ${next} is before the committed ${owned.committed}`)
}

function setPaused(state: State, key: string, paused: boolean): void {
  const owned = state.owned.get(key)
  if (owned === undefined) return
  owned.paused = paused
  setFetching(owned)
  drain(owned)
}

function fail(state: State, error: unknown): void {
  state.failed.reject(error)
  if (!state.stopping) void stop(state, REVOKE_WAIT_MS)
}

async function stop(state: State, deadlineMs: number): Promise<{ remaining: number }> {
  if (state.stopping) return { remaining: 0 }
  state.stopping = true
  const held = [...state.owned.values()]
  await giveBack(state, deadlineMs)
  await settledWithin([state.consumer.disconnect()], deadlineMs)
  return { remaining: held.filter(({ running }) => running !== null).length }
}

/** Retention that overtakes a slow reader shows before kafkajs would jump. */
async function lookAtRetention(state: State): Promise<void> {
  const { admin, topics, group, report } = state.options
  try {
    for (const { topic, partition, earliest } of await fetchState(await admin(), topics, group)) {
      const owned = state.owned.get(keyOf(topic, partition))
      if (owned?.ready === true && owned.expected < earliest) {
        report('error', 'log_records_missing', { group, topic, partition, from: owned.expected, to: earliest, count: earliest - owned.expected })
      }
    }
  } catch (error) {
    report('warn', 'kafka_offsets_unknown', { group, error: String(error) })
  }
}

async function settledWithin(work: readonly (Promise<unknown> | null)[], waitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs)
  })
  await Promise.race([Promise.allSettled(work.map((each) => each ?? Promise.resolve())), late])
  clearTimeout(timer)
}
