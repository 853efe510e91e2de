import { describe, expect, it } from 'vitest'
import type { EdgeInstanceRow } from '@skein/store/contract-edges'
import { balanceOf, edgeInstances, otherInstances } from './balance.ts'

const sumOf = (calls: readonly number[]): number => calls.reduce((sum, count) => sum + count, 0)
const rows = (...calls: number[]) => rowsOf(calls, { instances: calls.length, calls: sumOf(calls), errors: 0 })
const rowsOf = (calls: readonly number[], ofSide: EdgeInstanceRow['ofSide']) =>
  calls.map((count, i) => ({ side: 'target' as const, instance: `i-${i}`, calls: count, errors: 0, p95: 5e6, ofSide }))

describe('the instances of an edge', () => {
  it('have a share of their own side', () => {
    const source = { side: 'source' as const, instance: 's', calls: 7, errors: 1, p95: null, ofSide: { instances: 1, calls: 7, errors: 1 } }
    expect(edgeInstances([source, ...rows(3, 1)])).toEqual([
      { side: 'source', instance: 's', calls: 7, errors: 1, p95Ms: null, share: 1 },
      { side: 'target', instance: 'i-0', calls: 3, errors: 0, p95Ms: 5, share: 0.75 },
      { side: 'target', instance: 'i-1', calls: 1, errors: 0, p95Ms: 5, share: 0.25 },
    ])
  })

  it('show a balancer that favours one of them', () => {
    expect(balanceOf(rows(700, 100, 100, 100), 'target')).toEqual({ instances: 4, busiest: 'i-0', busiestShare: 0.7, ratio: 2.8, uneven: true })
    expect(balanceOf(rows(900, 100), 'target')).toMatchObject({ busiest: 'i-0', uneven: true })
  })

  it('are even when chance explains the rest', () => {
    expect(balanceOf(rows(260, 250, 240, 250), 'target')).toMatchObject({ uneven: false })
    expect(balanceOf(rows(3, 1), 'target')).toMatchObject({ ratio: 1.5, uneven: false })
    expect(balanceOf(rows(55_000, 45_000), 'target')).toMatchObject({ uneven: false })
  })

  it('are weighed against all of their side, also those beyond what is listed, which are told together', () => {
    const busiest = rowsOf([30, 10], { instances: 300, calls: 3000, errors: 9 })
    expect(edgeInstances(busiest).map(({ share }) => share)).toEqual([0.01, 10 / 3000])
    expect(balanceOf(busiest, 'target')).toMatchObject({ instances: 300, busiestShare: 0.01, ratio: 3 })
    expect(otherInstances(busiest, 'target')).toEqual({ instances: 298, calls: 2960, errors: 9 })
    expect([otherInstances(busiest, 'source'), otherInstances(rows(3, 1), 'target')]).toEqual([null, null])
  })

  it('have no balance when there are fewer than two', () => {
    expect([balanceOf(rows(5), 'target'), balanceOf(rows(5, 5), 'source'), balanceOf([], 'target')]).toEqual([null, null, null])
  })
})
