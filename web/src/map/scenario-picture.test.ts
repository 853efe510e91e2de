import type { ScenarioMapAnswer } from '@skein/schemas/api/scenario-map'
import { describe, expect, it } from 'vitest'
import { collapse, groupNodeId } from './collapse.ts'
import type { EdgeLook } from './edge-look.ts'
import { livedMap, livedStroke, scenarioPicture } from './scenario-picture.ts'
import { edge, node } from './topology-for-tests.ts'

const place = (id: string, runs: number, more: Partial<ScenarioMapAnswer['edges'][number]> = {}) => ({
  ...{ id, runs, erredRuns: 0, failedRuns: 0, slowRuns: 0 },
  ...more,
})
const answer: ScenarioMapAnswer = {
  window: { start: '2026-11-22T12:00:00Z', end: '2026-11-22T13:00:00Z' },
  name: 'play',
  runs: 60,
  failed: 3,
  slow: 2,
  nodes: [place('a', 60), place('b', 40, { failedRuns: 3 }), place('c', 20, { slowRuns: 2 })],
  edges: [place('a>b', 40, { erredRuns: 5, failedRuns: 3 }), place('a>c', 20, { slowRuns: 2 })],
  notes: [],
}
const topology = { nodes: ['a', 'b', 'c', 'd'].map((id) => node(id)), edges: [edge('a', 'b'), edge('a', 'c'), edge('c', 'd')] }
const whole = collapse(topology, new Map(), [], (name) => name)
const words = ({ runs, failedRuns, slowRuns }: { runs: number; failedRuns: number; slowRuns: number }) => `${runs} ${failedRuns} ${slowRuns}`

describe('the runs of a scenario on the map', () => {
  it('stand out with how many they are, and everything else fades', () => {
    const picture = scenarioPicture(livedMap(answer, whole), words)
    expect(topology.edges.map((one) => picture.faded(one))).toEqual([false, false, true])
    expect(topology.edges.map((one) => picture.tag(one))).toEqual(['40 3 0', '20 0 2', null])
    expect(topology.nodes.map((one) => picture.detail?.(one) ?? null)).toEqual(['60 0 0', '40 3 0', '20 0 2', null])
    const byHealth: EdgeLook = { widthPx: 1, stroke: 'bad', dash: 'callerOnly' }
    expect(topology.edges.map((one) => picture.look(one, byHealth).stroke)).toEqual(['bad', 'degraded', 'plain'])
    expect(topology.edges.map((one) => picture.look(one, byHealth).dash)).toEqual(['callerOnly', 'callerOnly', 'callerOnly'])
  })

  it('are coloured by blame first, then by the share that passed', () => {
    const strokeOf = (runs: number, more = {}) => livedStroke(place('x', runs, more), 60)
    expect([1, 16, 31, 60].map((runs) => strokeOf(runs))).toEqual(['seq1', 'seq2', 'seq3', 'seq4'])
    expect([strokeOf(1, { slowRuns: 1 }), strokeOf(60, { slowRuns: 9, failedRuns: 1 }), strokeOf(60, { erredRuns: 60 })]).toEqual(['degraded', 'bad', 'seq4'])
    expect(livedStroke(place('x', 0), 0)).toBe('seq1')
  })

  it('of a closed group are the most of any member, and all that is blamed inside', () => {
    const groups = new Map([
      ['b', 'bj'],
      ['c', 'bj'],
    ])
    const closed = collapse(topology, groups, ['bj'], (name) => name)
    const lived = livedMap(answer, closed)
    expect(lived.node(groupNodeId('bj'))).toEqual({ runs: 40, erredRuns: 0, failedRuns: 3, slowRuns: 2 })
    expect(closed.edges.map(({ id }) => lived.edge(id))).toEqual([{ runs: 40, erredRuns: 5, failedRuns: 3, slowRuns: 2 }, null])
  })

  it('that none passed fades all of the map', () => {
    const picture = scenarioPicture(livedMap({ ...answer, runs: 0, nodes: [], edges: [] }, whole), words)
    expect(topology.edges.every((one) => picture.faded(one))).toBe(true)
  })
})
