import type { ChangeEvent } from '@skein/schemas/api/events'
import type { TopologyNode } from '@skein/schemas/api/topology'
import type { EdgeDiff } from '@skein/schemas/api/topology-diff'
import { describe, expect, it } from 'vitest'
import { changesOf } from './changes.ts'

const end = (name: string): TopologyNode => ({
  id: name,
  name,
  kind: 'service',
  environment: '',
  cluster: '',
  namespace: '',
  calls: 0,
  errors: 0,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  instances: 1,
  health: 'ok',
  healthReason: null,
  weekAgoP95Ms: null,
  proxy: null,
})

const event = (id: string, time: string): ChangeEvent => ({
  id,
  time,
  kind: 'deploy',
  source: 'posted',
  title: id,
  environment: '',
  cluster: '',
  namespace: '',
  service: '',
  fromVersion: '',
  toVersion: '',
  link: '',
  attributes: {},
  instanceShare: null,
})

const diff = (id: string, score: number, causedBy: string | null, [worse, confidence]: [boolean, 'likely' | 'possible'] = [true, 'likely']): EdgeDiff => ({
  id,
  source: end('a'),
  target: end('b'),
  kind: 'http',
  change: 'changed',
  now: null,
  base: null,
  effects: [{ measure: 'p95', now: worse ? 100 : 10, base: worse ? 10 : 100, change: 1, worse }],
  score,
  causes: causedBy === null ? [] : [{ kind: 'deploy', time: '', title: '', service: '', confidence, eventId: causedBy }],
})

describe('what changed', () => {
  it('comes with the largest effect first, events as much as edges; those without effect last, newest first', () => {
    const events = [event('quiet', '2026-11-22T11:10:00Z'), event('newer', '2026-11-22T11:40:00Z'), event('release', '2026-11-22T11:20:00Z')]
    const changes = changesOf(events, [diff('slow', 5, 'release'), diff('slower', 9, null), diff('faster', 50, null, [false, 'likely'])])
    expect(changes.map(({ id }) => id)).toEqual(['slower', 'release', 'faster', 'newer', 'quiet'])
    expect(changes[1]?.effect).toMatchObject({ measure: 'p95', worse: true })
  })

  it('blames no event for what happened next to it: only for what it likely did', () => {
    const [worst, release] = changesOf([event('release', '2026-11-22T11:20:00Z')], [diff('own', 5, 'release'), diff('next', 50, 'release', [true, 'possible'])])
    expect([worst?.id, release?.id, release?.edge?.id]).toEqual(['next', 'release', 'own'])
  })

  it('tells an edge once: with the event that may have caused it', () => {
    expect(changesOf([event('release', '2026-11-22T11:20:00Z')], [diff('slow', 5, 'release')])).toHaveLength(1)
  })
})
