import { expect, test } from 'vitest'
import { weakSettings } from './topics.ts'

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
