import type { Admin } from 'kafkajs'
import { expect, test } from 'vitest'
import { createTopics, weakSettings } from './topics.ts'

const strong = { 'min.insync.replicas': '2', 'unclean.leader.election.enable': 'false', 'max.message.bytes': '1048588', 'retention.ms': '86400000' }
const judge = (change: Record<string, string>): string[] => weakSettings('t', new Map(Object.entries({ ...strong, ...change })))

test('settings that keep the promise pass', () => {
  expect(judge({})).toEqual([])
  expect(judge({ 'retention.ms': '-1', 'min.insync.replicas': '3' })).toEqual([])
})

test.each([
  [{ 'min.insync.replicas': '1' }, /min\.insync\.replicas 1, below 2/],
  [{ 'unclean.leader.election.enable': 'true' }, /unclean\.leader/],
  [{ 'max.message.bytes': '1000000' }, /max\.message\.bytes 1000000, below 1 MiB/],
  [{ 'retention.ms': '3600000' }, /retention\.ms 3600000, below 24 h/],
])('%o is named', (change, words) => {
  expect(judge(change)).toEqual([expect.stringMatching(words)])
})

test('a setting that the broker does not tell counts as weak', () => {
  expect(weakSettings('t', new Map())).toHaveLength(3)
})

test('a topic that another process makes at the same time is waited for until the broker knows it', async () => {
  const unknown = Object.assign(new Error('This server does not host this topic-partition'), { type: 'UNKNOWN_TOPIC_OR_PARTITION' })
  const answers = [() => Promise.reject(unknown), () => Promise.reject(unknown)]
  const known = { topics: [{ partitions: [{ replicas: [1, 2, 3] }, { replicas: [1, 2, 3] }] }] }
  const entries = Object.entries(strong).map(([configName, configValue]) => ({ configName, configValue }))
  const admin = {
    listTopics: () => Promise.resolve(['t']),
    fetchTopicMetadata: () => answers.shift()?.() ?? Promise.resolve(known),
    describeConfigs: () => Promise.resolve({ resources: [{ configEntries: entries }] }),
    describeCluster: () => Promise.resolve({ brokers: [] }),
  } as unknown as Admin
  const topics = createTopics({ admin: () => Promise.resolve(admin), partitions: () => 2, replicationFactor: 3, allowWeak: false, report: () => undefined })
  expect(await topics.ensure('t')).toBe(2)
})
