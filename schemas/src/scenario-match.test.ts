import { expect, it } from 'vitest'
import type { FieldValue } from './filter/tree.ts'
import { isStep, runKeyOf, type StepRecord, stepMatchers } from './scenario-match.ts'

const record = (more: Partial<StepRecord>, fields: Record<string, FieldValue> = {}): StepRecord => ({
  kind: 'span',
  service: 'gateway',
  name: 'POST /play',
  traceId: 'ab'.repeat(16),
  field: (name) => fields[name],
  ...more,
})

const matchers = stepMatchers({
  steps: [
    { name: 'play', match: { kind: 'span', service: 'gateway', operation: 'POST /play' } },
    { name: 'first frame', match: { kind: 'device', event: 'startup', where: 'first_frame_ms > 0' } },
    { name: 'no stall', match: { kind: 'device', service: 'tv', event: 'playback', where: 'stall_ms = 0 and watch_ms >= 600000' } },
    { name: 'any error of the gateway', match: { kind: 'span', service: 'gateway', where: 'status = error' } },
  ],
})
const stepsOf = (one: StepRecord): number[] => matchers.flatMap((matcher, at) => (isStep(matcher, one) ? [at] : []))

it('spans and device records are steps by one model', () => {
  expect(stepsOf(record({}))).toEqual([0])
  expect(stepsOf(record({}, { status: 'error' }))).toEqual([0, 3])
  expect(stepsOf(record({ service: 'account' }))).toEqual([])
  expect(stepsOf(record({ kind: 'device', name: 'startup', service: 'tv' }, { first_frame_ms: 1200 }))).toEqual([1])
  expect(stepsOf(record({ kind: 'device', name: 'startup', service: 'tv' }, { first_frame_ms: 0 }))).toEqual([])
  expect(stepsOf(record({ kind: 'device', name: 'playback', service: 'tv' }, { stall_ms: 0, watch_ms: 700_000 }))).toEqual([2])
  expect(stepsOf(record({ name: 'startup' }, { first_frame_ms: 1200 }))).toEqual([])
})

it('a key is a session, a user under either name, the trace, or any attribute, and may be missing', () => {
  const one = record({}, { 'session.id': 's1', 'enduser.id': 7, stb: true })
  expect(['session', 'user', 'trace', 'attribute:stb', 'attribute:none'].map((key) => runKeyOf(key, one))).toEqual(['s1', '7', 'ab'.repeat(16), 'true', ''])
  expect(runKeyOf('user', record({}, { 'user.id': '', 'enduser.id': 'b' }))).toBe('b')
})
