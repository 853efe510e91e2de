import { describe, expect, it } from 'vitest'
import { edgeHealthOf, healthOf } from './health.ts'

const evidence = { paired: 100, clientOnly: 0, serverOnly: 0, parentChild: 0, topic: 0, link: 0, log: 0 }
const p95 = (p95Ms: number) => ({ p50Ms: p95Ms / 2, p95Ms, p99Ms: p95Ms })
const edge = { calls: 100, errors: 0, evidence, network: p95(4), server: p95(40) }

describe('health', () => {
  it('is a matter of errors, and unknown under 20 calls', () => {
    expect([0, 1, 4, 5].map((errors) => healthOf({ calls: 100, errors }).health)).toEqual(['ok', 'degraded', 'degraded', 'bad'])
    expect(healthOf({ calls: 19, errors: 19 }).health).toBe('unknown')
  })

  it('of an edge is degraded when calls lose time between both sides', () => {
    expect(edgeHealthOf(edge, false).health).toBe('ok')
    expect(edgeHealthOf({ ...edge, network: p95(250) }, false).health).toBe('degraded')
    expect(edgeHealthOf({ ...edge, network: p95(249) }, false).health).toBe('ok')
    expect(edgeHealthOf({ ...edge, network: p95(700), errors: 7 }, false).health).toBe('bad')
  })

  it('of an edge does not blame between both sides what the callee takes longer for', () => {
    expect(edgeHealthOf({ ...edge, network: p95(300), server: p95(2000) }, false).health).toBe('ok')
    expect(edgeHealthOf({ ...edge, network: null, server: p95(2000) }, false).health).toBe('ok')
  })

  it("of an edge leaves alone a viewer's own network, and what few calls were paired of", () => {
    expect(edgeHealthOf({ ...edge, network: p95(700) }, true).health).toBe('ok')
    expect(edgeHealthOf({ ...edge, network: p95(700), evidence: { ...evidence, paired: 19 } }, false).health).toBe('ok')
  })
})
