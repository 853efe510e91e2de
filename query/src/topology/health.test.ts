import { configSchema, type HealthThresholds } from '@skein/schemas/config'
import { describe, expect, it } from 'vitest'
import { edgeHealthOf, healthOf, thresholdsOf } from './health.ts'

const THRESHOLDS = thresholdsOf(configSchema.parse({}), 'anyone')
const evidence = { paired: 100, clientOnly: 0, serverOnly: 0, parentChild: 0, topic: 0, link: 0, log: 0 }
const p95 = (p95Ms: number) => ({ p50Ms: p95Ms / 2, p95Ms, p99Ms: p95Ms })
const edge = { calls: 100, errors: 0, p95Ms: 50, evidence, network: p95(4), server: p95(40), fromClient: false }
const of = (more: Partial<Parameters<typeof healthOf>[0]>, thresholds: HealthThresholds = THRESHOLDS) => {
  const { health, healthReason } = healthOf({ calls: 100, errors: 0, p95Ms: 50, ...more }, thresholds)
  return healthReason === null ? health : `${health}: ${healthReason}`
}
const ofEdge = (more: Partial<Parameters<typeof edgeHealthOf>[0]>) => edgeHealthOf({ ...edge, ...more }, THRESHOLDS).health

describe('health', () => {
  it('is a matter of errors: 1 % is degraded, 5 % bad, and under 20 calls it is unknown', () => {
    expect([0, 1, 4, 5].map((errors) => of({ errors }))).toEqual(['ok', 'degraded: errors', 'degraded: errors', 'bad: errors'])
    expect(of({ calls: 19, errors: 19 })).toBe('unknown')
  })

  it('is a matter of latency against the same minutes a week before: 1.5 times is degraded, 3 times bad', () => {
    const weekAgo = { calls: 100, p95Ms: 100 }
    expect([149, 150, 299, 300].map((p95Ms) => of({ p95Ms, weekAgo }))).toEqual(['ok', 'degraded: latency', 'degraded: latency', 'bad: latency'])
    expect(of({ p95Ms: 300, errors: 5, weekAgo })).toBe('bad: errors')
    expect(of({ p95Ms: 300, errors: 1, weekAgo })).toBe('bad: latency')
  })

  it.each([
    ['no week before', undefined],
    ['too few calls then', { calls: 19, p95Ms: 1 }],
    ['nothing measured then', { calls: 100, p95Ms: null }],
  ])('is a matter of errors alone with %s', (_, weekAgo) => {
    expect(of({ p95Ms: 9000, weekAgo })).toBe('ok')
  })

  it('has thresholds that a tenant may set for itself, the others as for all', () => {
    const config = configSchema.parse({ health: { badErrors: 0.5, tenants: [{ tenant: 'strict', degradedErrors: 0.001, minCalls: 1 }] } })
    expect(thresholdsOf(config, 'strict')).toMatchObject({ badErrors: 0.5, badLatency: 3, degradedErrors: 0.001, minCalls: 1 })
    expect([of({ errors: 6 }, thresholdsOf(config, 'anyone')), of({ errors: 50 }, thresholdsOf(config, 'strict'))]).toEqual(['degraded: errors', 'bad: errors'])
    expect(of({ calls: 1000, errors: 1 }, thresholdsOf(config, 'strict'))).toBe('degraded: errors')
    expect(of({ calls: 1, errors: 0 }, thresholdsOf(config, 'strict'))).toBe('ok')
  })

  it('of an edge is degraded when calls lose time between both sides', () => {
    expect(ofEdge({})).toBe('ok')
    expect(ofEdge({ network: p95(250) })).toBe('degraded')
    expect(ofEdge({ network: p95(249) })).toBe('ok')
    expect(ofEdge({ network: p95(700), errors: 7 })).toBe('bad')
  })

  it('of an edge does not blame between both sides what the callee takes longer for', () => {
    expect(ofEdge({ network: p95(300), server: p95(2000) })).toBe('ok')
    expect(ofEdge({ network: null, server: p95(2000) })).toBe('ok')
  })

  it("of an edge leaves alone a viewer's own network, and what few calls were paired of", () => {
    expect(ofEdge({ network: p95(700), fromClient: true })).toBe('ok')
    expect(ofEdge({ network: p95(700), evidence: { ...evidence, paired: 19 } })).toBe('ok')
  })
})
