import type { Admin } from 'kafkajs'
import type { PartitionLag } from '../contract.ts'

/** What Kafka knows of one partition and one group. */
export interface PartitionState {
  topic: string
  partition: number
  /** First offset not yet done; null when the group never committed. */
  committed: number | null
  note: string | null
  earliest: number
  end: number
}

const TRIES = 20
const RETRY_MS = 200

/** Waits for a coordinator that is loading, as after a restart of the broker: kafkajs itself does not. */
export async function fetchState(admin: Admin, topics: readonly string[], group: string): Promise<PartitionState[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetchOnce(admin, topics, group)
    } catch (error) {
      if (attempt === TRIES || (error as { retriable?: boolean }).retriable !== true) throw error
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}

async function fetchOnce(admin: Admin, topics: readonly string[], group: string): Promise<PartitionState[]> {
  const commits = await admin.fetchOffsets({ groupId: group, topics: [...topics] })
  const states: PartitionState[] = []
  for (const topic of topics) {
    const done = new Map(commits.find((each) => each.topic === topic)?.partitions.map((each) => [each.partition, each]))
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      const commit = done.get(partition)
      // -1 says that there is none; -2 is what kafkajs leaves behind when it resets a group.
      const committed = commit === undefined || Number(commit.offset) < 0 ? null : Number(commit.offset)
      states.push({ topic, partition, committed, note: committed === null ? null : (commit?.metadata ?? ''), earliest: Number(low), end: Number(high) })
    }
  }
  return states.sort((left, right) => left.partition - right.partition || left.topic.localeCompare(right.topic))
}

export function lagOf({ topic, partition, committed, earliest, end }: PartitionState): PartitionLag {
  return { topic, partition, committed, end, lag: Math.max(0, end - (committed ?? earliest)) }
}
