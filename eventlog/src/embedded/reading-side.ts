import type { ConsumeHandler, PartitionLag, Subscription } from '../contract.ts'
import { openCommits, type Commits } from './commits.ts'
import { createGroup, type Group } from './group.ts'
import { createPolling } from './polling.ts'
import type { Settings } from './settings.ts'
import { createTopicReader, type ReadCounts, type TopicReader } from './topic-reader.ts'

/** What the consuming process does: reads volumes, owns the commits of groups. */
export interface ReadingSide {
  consume(topics: readonly string[], group: string, handler: ConsumeHandler): Promise<Subscription>
  lag(topics: readonly string[], group: string): Promise<PartitionLag[]>
  partitions(topic: string): number
  probe(): Promise<void>
  counts(): ReadCounts
  readerCheck(): void
  close(deadlineMs: number): Promise<number>
}

export function createReadingSide(settings: Settings): ReadingSide {
  const commits = openCommits(settings.directory, false) as Commits
  const readers = new Map<string, TopicReader>()
  const groups = new Map<string, Group>()

  function reader(topic: string): TopicReader {
    let found = readers.get(topic)
    if (found === undefined) {
      found = createTopicReader({ ...settings, topic })
      found.refresh()
      readers.set(topic, found)
    }
    return found
  }

  /** Never fewer than there are: nobody else would read the others. */
  function partitions(topic: string): number {
    return Math.max(settings.partitions(topic), reader(topic).partitions())
  }

  function groupOf(name: string): Group {
    let found = groups.get(name)
    if (found === undefined) {
      found = createGroup({ group: name, commits, reader, partitions, fetchBytes: settings.fetchBytes })
      groups.set(name, found)
    }
    return found
  }

  const polling = createPolling({
    poll: (anyway) => {
      let found = false
      for (const topic of new Set([...groups.values()].flatMap((group) => group.topics()))) {
        if (!reader(topic).poll(anyway)) continue
        for (const group of groups.values()) found = group.poll(topic) || found
      }
      return found
    },
    ...settings,
  })

  return {
    consume: (topics, group, handler) => groupOf(group).join(topics, handler),
    lag: async (topics, group) => topics.flatMap((topic) => lagOf(topic, group, { commits, reader: reader(topic), partitions: partitions(topic) })),
    partitions,
    probe: async () => void commits.groups(''),
    counts: () => sumCounts([...readers.values()]),
    readerCheck: () => {
      commits.readerCheck()
      for (const each of readers.values()) each.readerCheck()
    },
    close: async (deadlineMs) => {
      polling.stop()
      let remaining = 0
      for (const group of groups.values()) remaining += await group.stop(deadlineMs)
      for (const each of readers.values()) await each.close()
      await commits.close()
      return remaining
    },
  }
}

interface LagSources {
  commits: Commits
  reader: TopicReader
  partitions: number
}

function lagOf(topic: string, group: string, { commits, reader, partitions }: LagSources): PartitionLag[] {
  reader.refresh()
  return Array.from({ length: partitions }, (_, partition) => {
    const committed = commits.read(group, topic, partition)?.next ?? null
    const end = reader.end(partition)
    return { topic, partition, committed, end, lag: Math.max(0, end - (committed ?? reader.earliest(partition))) }
  })
}

function sumCounts(readers: readonly TopicReader[]): ReadCounts {
  return readers.reduce((sum, { counts }) => ({ damaged: sum.damaged + counts.damaged, missing: sum.missing + counts.missing }), { damaged: 0, missing: 0 })
}
