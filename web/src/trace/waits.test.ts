import { describe, expect, it } from 'vitest'
import { partsOf, wholeBar } from './bar-parts.ts'
import { doubtsOf } from './doubts.ts'
import { type Sketch, sketchSpan } from './sketch-for-tests.ts'
import { buildSpanTree } from './span-tree.ts'

const rowsOf = (...sketches: Sketch[]) => buildSpanTree(sketches.map(sketchSpan)).rows
const call = (server: Partial<Sketch>) =>
  rowsOf({ id: 'c', kind: 'client', for: 100_000 }, { id: 's', parent: 'c', kind: 'server', at: 30_000, for: 50_000, ...server })

describe('time that is no work', () => {
  it('is network before and after the one server of a call', () => {
    const [client] = call({})
    expect(client?.wait).toEqual({ kind: 'network', beforeNs: 30_000, afterNs: 20_000, skewed: false })
    expect(partsOf(client ?? rowsOf({ id: 'x' })[0]!, { fromNs: 0, toNs: 100_000 }).map(({ look, left, width }) => [look, left, +width.toFixed(3)])).toEqual([
      ['network', 0, 0.3],
      ['work', 0.3, 0.5],
      ['network', 0.8, 0.2],
    ])
  })

  it('keeps its length when clocks disagree, and says that its place is a guess', () => {
    const [client, server] = call({ at: -40_000 })
    expect([client, server].find((row) => row?.key === 'c')?.wait).toEqual({ kind: 'network', beforeNs: 25_000, afterNs: 25_000, skewed: true })
    expect(doubtsOf(call({ at: -40_000 }))).toMatchObject([{ kind: 'skew', count: 2 }])
  })

  it('is not known with several servers, or with one that took longer than its call', () => {
    const retried = rowsOf({ id: 'c', kind: 'client', for: 100 }, { id: 's', parent: 'c', for: 10 }, { id: 't', parent: 'c', for: 10, at: 20 })
    expect(retried[0]?.wait).toBeNull()
    expect(call({ at: 0, for: 200_000 })[0]?.wait).toBeNull()
  })

  it('is the whole call when the partner reported nothing', () => {
    expect(rowsOf({ id: 'c', kind: 'client', for: 7 })[0]?.wait).toEqual({ kind: 'client', beforeNs: 0, afterNs: 7, skewed: false })
  })

  it('is the queue between the end of a producer and its consumer, which then is late', () => {
    const [, consumer] = rowsOf({ id: 'p', kind: 'producer', for: 10 }, { id: 'q', parent: 'p', kind: 'consumer', at: 60, for: 40 })
    expect(consumer).toMatchObject({ late: true, wait: { kind: 'queue', beforeNs: 50, afterNs: 0 } })
    expect(partsOf(consumer!, { fromNs: 0, toNs: 100 }).map(({ look }) => look)).toEqual(['queue', 'work'])
    expect(wholeBar(consumer!, { fromNs: 0, toNs: 100 })).toEqual({ left: 0.1, width: 0.9 })
  })
})

describe('doubts', () => {
  it('name what does not fit together, with a span to look at', () => {
    const rows = rowsOf(
      { id: 'root', for: 100_000 },
      { id: 'early', parent: 'root', at: -5000, for: 10 },
      { id: 'orphan', parent: 'gone', at: 5 },
      { id: 'x', parent: 'y' },
      { id: 'y', parent: 'x' },
      { id: 'now', parent: 'root', at: 50, for: 0 },
    )
    expect(new Map(doubtsOf(rows).map(({ kind, count }) => [kind, count]))).toEqual(
      new Map([
        ['skew', 1],
        ['missing', 1],
        ['cycle', 1],
        ['instant', 1],
      ]),
    )
    expect(doubtsOf(rowsOf({ id: 'a' }))).toEqual([])
  })
})
