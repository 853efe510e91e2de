import type { EdgeDiff } from '@skein/schemas/api/topology-diff'
import { describe, expect, it } from 'vitest'
import { edge, node, PLACE } from './findings-for-tests.ts'
import { entryFigures, findings } from './findings.ts'

describe('what is wrong', () => {
  it('is nothing while all is healthy or not known', () => {
    expect(findings({ nodes: [node('a', { health: 'unknown' }), node('b')], edges: [edge('a', 'b')] })).toEqual([])
  })

  it('is told once: an edge stands for the service it leads to', () => {
    const nodes = [node('a'), node('b', { health: 'bad' }), node('c', { health: 'degraded' })]
    const found = findings({ nodes, edges: [edge('a', 'b', { health: 'bad' })] })
    expect(found.map((finding) => finding.id)).toEqual(['a>b', 'c'])
  })

  it('comes bad before degraded, then by failed calls', () => {
    const nodes = [node('a', { health: 'degraded', errors: 90 }), node('b', { health: 'bad', errors: 1 }), node('c', { health: 'bad', errors: 2 })]
    expect(findings({ nodes, edges: [] }).map((finding) => finding.id)).toEqual(['c', 'b', 'a'])
  })

  it('comes where it began before those that only pass it on', () => {
    const nodes = [node('a'), node('b'), node('c')]
    const edges = [edge('a', 'b', { health: 'bad', errors: 9 }), edge('b', 'c', { health: 'bad', errors: 8 })]
    expect(findings({ nodes, edges }).map((finding) => finding.id)).toEqual(['b>c', 'a>b'])
  })

  it('fails from one call in a hundred on', () => {
    const nodes = [node('a', { health: 'bad', errors: 1 }), node('b', { health: 'bad', errors: 0 }), node('c', { health: 'bad', calls: 0 })]
    expect(findings({ nodes, edges: [] }).map((finding) => finding.failing)).toEqual([true, false, false])
  })

  it('leaves out an edge whose ends are not in the answer', () => {
    expect(findings({ nodes: [node('a')], edges: [edge('a', 'gone', { health: 'bad' })] })).toEqual([])
  })
})

describe('what got worse', () => {
  const rise = { measure: 'p95', now: 410, base: 10, change: 41, worse: true } as const
  const changed = (source: string, target: string, effects: EdgeDiff['effects'] = [rise]): EdgeDiff => ({
    ...{ id: `${source}>${target}`, source: node(source), target: node(target), kind: 'http', change: 'changed' },
    ...{ now: null, base: null, effects, score: 1, causes: [] },
  })
  const topology = { nodes: [node('a'), node('b'), node('c')], edges: [edge('a', 'b'), edge('b', 'c')] }

  it('is what callers feel, not what whole traces wait for at a node that others call too', () => {
    const waited = { ...rise, measure: 'selfTime' } as const
    expect(findings(topology, [changed('b', 'c', [waited])])).toEqual([])
    expect(findings(topology, [changed('b', 'c', [waited, rise])])).toMatchObject([{ id: 'b>c', worse: { measure: 'p95' } }])
  })

  it('is wrong where it began: who calls it only passes it on', () => {
    const found = findings(topology, [changed('a', 'b'), changed('b', 'c')])
    expect(found).toMatchObject([{ id: 'b>c', health: 'degraded', failing: false, worse: { measure: 'p95' } }])
  })

  it('is wrong when it is much: a little, better, or more calls are no trouble', () => {
    const little = { ...rise, now: 25, change: 2.5 }
    const better = { ...rise, worse: false }
    const more = { ...rise, measure: 'rate' as const }
    for (const effect of [little, better, more]) expect(findings(topology, [changed('a', 'b', [effect])])).toEqual([])
    const failing = { measure: 'errorRate', now: 0.3, base: 0, change: 0.3, worse: true } as const
    expect(findings(topology, [changed('a', 'b', [failing])])).toMatchObject([{ id: 'a>b', failing: true }])
  })
})

describe('what is over', () => {
  const fell = { measure: 'errorRate', now: 0, base: 0.2, change: -0.2, worse: false } as const
  const changed = (id: string, effects: EdgeDiff['effects']): EdgeDiff => ({
    ...{ id, source: node(id.slice(0, 1)), target: node(id.slice(2)), kind: 'http', change: 'changed' },
    ...{ now: null, base: null, effects, score: 1, causes: [] },
  })
  const failing = { health: 'bad', errors: 10 } as const
  const topology = { nodes: [node('a'), node('b'), node('c')], edges: [edge('a', 'b', failing), edge('a', 'c', { ...failing, health: 'degraded', errors: 3 })] }

  it('comes last, with what it was', () => {
    expect(findings(topology, [changed('a>b', [fell])])).toMatchObject([
      { id: 'a>c', better: null },
      { id: 'a>b', better: fell },
    ])
  })

  it('is not over while some still fail, or when only the time of failing calls changed', () => {
    const some = { ...fell, now: 0.05, change: -0.15 }
    const faster = { measure: 'p95', now: 10, base: 100, change: 0.1, worse: false } as const
    for (const effect of [some, faster]) expect(findings(topology, [changed('a>b', [effect])])[0]).toMatchObject({ id: 'a>b', better: null })
  })
})

describe('entries', () => {
  it('are the services that only clients call', () => {
    const nodes = [
      node('tv', { kind: 'client', calls: 0 }),
      node('gateway', { calls: 50, errors: 5 }),
      node('drm', { calls: 1000 }),
      node('redis', { kind: 'cache' }),
    ]
    const edges = [edge('tv', 'gateway'), edge('gateway', 'drm'), edge('drm', 'redis')]
    expect(entryFigures({ nodes, edges })).toEqual({ entries: 1, calls: 50, errors: 5, slowest: { name: 'gateway', ...PLACE, p95Ms: 10 } })
  })

  it('stay entries when they call themselves', () => {
    expect(entryFigures({ nodes: [node('a')], edges: [edge('a', 'a')] }).entries).toBe(1)
  })

  it('stay entries behind a proxy that is known from its access log alone, and not behind one that sends spans', () => {
    const log = { paired: 0, clientOnly: 0, serverOnly: 0, parentChild: 0, topic: 0, link: 0, log: 100 }
    const nodes = [node('nginx', { calls: 0, p95Ms: null }), node('gateway', { calls: 50 })]
    expect(entryFigures({ nodes, edges: [edge('nginx', 'gateway', { evidence: log })] })).toMatchObject({ entries: 1, calls: 50 })
    expect(entryFigures({ nodes, edges: [edge('nginx', 'gateway')] }).entries).toBe(0)
  })

  it('show the slowest, because percentiles do not add', () => {
    const nodes = [node('a', { p95Ms: 30 }), node('b', { p95Ms: null }), node('c', { p95Ms: 40 })]
    expect(entryFigures({ nodes, edges: [] }).slowest).toEqual({ name: 'c', ...PLACE, p95Ms: 40 })
  })
})
