import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { commit, openDurable, type RootDatabase } from '@skein/lmdb/durable'
import type { Commit } from '../contract.ts'

interface StoredCommit {
  next: number
  note: string
}

/** Offsets and notes of groups: written by the process that consumes, read by the one that trims. */
export interface Commits {
  read(group: string, topic: string, partition: number): StoredCommit | null
  /** Groups that ever consumed the topic. */
  groups(topic: string): string[]
  /** From now on retention waits for this group. */
  register(group: string, topics: readonly string[]): Promise<void>
  /** One durable transaction. */
  write(group: string, commits: readonly Commit[]): Promise<void>
  readerCheck(): void
  close(): Promise<void>
}

type Key = [kind: 'commit', group: string, topic: string, partition: number] | [kind: 'group', topic: string, group: string]

const MAP_BYTES = 1024 * 1024 * 1024

/** Returns null when `readOnly` and no group ever consumed. */
export function openCommits(directory: string, readOnly: boolean): Commits | null {
  const path = join(directory, 'commits.mdb')
  if (readOnly && !existsSync(path)) return null
  const env = openDurable<StoredCommit | true, Key>({
    path,
    noSubdir: true,
    readOnly,
    encoding: 'json',
    maxDbs: 1,
    mapSize: MAP_BYTES,
  })
  return {
    read: (group, topic, partition) => {
      if (readOnly) env.resetReadTxn()
      return (env.get(['commit', group, topic, partition]) as StoredCommit | undefined) ?? null
    },
    groups: (topic) => groupsOf(env, topic, readOnly),
    register: async (group, topics) => {
      await commit(path, 0, () =>
        env.batch(() => {
          for (const topic of topics) void env.put(['group', topic, group], true)
        }),
      )
    },
    write: async (group, commits) => {
      const bytes = commits.reduce((sum, { note }) => sum + note.length, 0)
      await commit(path, bytes, () =>
        env.batch(() => {
          for (const { topic, partition, next, note } of commits) void env.put(['commit', group, topic, partition], { next, note })
        }),
      )
    },
    readerCheck: () => void env.readerCheck(),
    close: () => env.close(),
  }
}

function groupsOf(env: RootDatabase<StoredCommit | true, Key>, topic: string, readOnly: boolean): string[] {
  if (readOnly) env.resetReadTxn()
  const groups: string[] = []
  for (const key of env.getKeys({ start: ['group', topic, ''] as Key })) {
    if (key[0] !== 'group' || key[1] !== topic) break
    groups.push(key[2])
  }
  return groups
}
