import fc from 'fast-check'
import type { TraceSpan } from '@skein/schemas/api/traces'
import { describe, expect, it } from 'vitest'
import { sketchSpan } from './sketch-for-tests.ts'
import { buildSpanTree } from './span-tree.ts'
import { blocksOf, buildTracePath, calleeOf, marksOf, mostOfPath, nextOnPath, type PathSection, pathOnly } from './trace-path.ts'
import { moveInTree, visibleRows } from './visible-rows.ts'

const ORIGIN = 1_763_841_600_000_000_000n

const span = (spanId: string, parentSpanId: string, at: number, length: number): TraceSpan => ({
  spanId,
  parentSpanId,
  name: spanId,
  kind: 'server',
  service: spanId.slice(0, 1),
  startTimeUnixNano: String(ORIGIN + BigInt(at)),
  endTimeUnixNano: String(ORIGIN + BigInt(at + length)),
  status: { code: 'unset', message: '' },
  attributes: {},
  resource: '',
  scope: '',
  events: [],
  links: [],
})

const section = (spanId: string, from: number, to: number) => ({
  spanId,
  startUnixNano: String(ORIGIN + BigInt(from)),
  endUnixNano: String(ORIGIN + BigInt(to)),
})

const { rows, originUnixNano } = buildSpanTree([
  span('a', '', 0, 10),
  span('b', 'a', 0, 10),
  span('c1', 'b', 1, 2),
  span('c2', 'c1', 1, 1),
  span('d', 'b', 4, 5),
  span('e', 'd', 5, 1),
])
const path = buildTracePath(rows, originUnixNano, [section('b', 0, 4), section('d', 4, 9), section('b', 9, 10)])
const keys = (list: readonly { key: string }[]): string => list.map((row) => row.key).join(' ')

describe('the path on the page', () => {
  it('counts what each row holds itself, and passes through every row above it', () => {
    expect([...path.rows].map(([key, { ownNs, sections }]) => [key, ownNs, sections.length])).toEqual([
      ['b', 5, 2],
      ['a', 0, 0],
      ['d', 5, 1],
    ])
    expect([path.durationNs, path.root]).toEqual([10, 'a'])
    expect([...path.shares]).toEqual([
      ['b', 0.5],
      ['d', 0.5],
    ])
  })

  it('is nothing where the answer has none', () => {
    const none = buildTracePath(rows, originUnixNano, [])
    expect([none.rows.size, none.durationNs, none.root]).toEqual([0, 0, ''])
    expect(pathOnly(rows, none)).toBe(rows)
    expect(nextOnPath(rows, none, -1, 1)).toBe(-1)
  })

  it('begins below a parent that is missing, and shows that parent', () => {
    const orphans = buildSpanTree([span('b', 'x', 0, 9)])
    const orphaned = buildTracePath(orphans.rows, orphans.originUnixNano, [section('b', 0, 9)])
    expect(orphaned.root).toBe('b')
    expect(keys(pathOnly(orphans.rows, orphaned))).toBe('missing:x b')
    expect(nextOnPath(orphans.rows, orphaned, -1, 1)).toBe(1)
  })

  it('alone is a tree that folds and moves as the whole does', () => {
    const only = pathOnly(rows, path)
    expect(keys(only)).toBe('a b d')
    expect(only.map(({ parent, end, depth }) => [parent, end, depth])).toEqual([
      [-1, 3, 0],
      [0, 3, 1],
      [1, 3, 2],
    ])
    expect(visibleRows(only, new Set(['b']))).toEqual([0, 1])
    expect(moveInTree(only, [0, 1, 2], { row: 2, collapsed: new Set() }, 'ArrowLeft')?.row).toBe(1)
    expect(moveInTree(only, [0, 1, 2], { row: 2, collapsed: new Set() }, 'ArrowRight')?.row).toBe(2)
  })

  it('is walked in the order of the rows, around both ends', () => {
    const walk = (from: number, step: 1 | -1) => rows[nextOnPath(rows, path, from, step)]?.key
    expect([walk(-1, 1), walk(0, 1), walk(1, 1), walk(2, 1), walk(4, 1)]).toEqual(['a', 'b', 'd', 'd', 'a'])
    expect([walk(-1, -1), walk(4, -1), walk(1, -1), walk(0, -1)]).toEqual(['d', 'b', 'a', 'd'])
  })
})

const anyPath = fc
  .array(
    fc.nat(50).map((n) => n + 1),
    { maxLength: 60 },
  )
  .map((lengths) => {
    let at = 0
    return lengths.map((length, i): PathSection => ({ key: `s${i}`, startNs: at, endNs: (at += length) }))
  })

describe('what takes most of the path', () => {
  it('is an operation over all its spans, so that many short calls are seen', () => {
    const calls = [span('a', '', 0, 10), span('b1', 'a', 0, 3), span('b2', 'a', 3, 3)].map((each) => ({ ...each, name: each.spanId.slice(0, 1) }))
    const tree = buildSpanTree(calls)
    const found = buildTracePath(tree.rows, tree.originUnixNano, [section('b1', 0, 3), section('b2', 3, 6), section('a', 6, 10)])
    expect(mostOfPath(tree.rows, found)).toEqual({ index: 1, ownNs: 6, count: 2 })
  })

  it('is the way to one service, apart from calls of the same name to another', () => {
    const call = (id: string, at: number, to: string) => [
      sketchSpan({ id, parent: 'a', at, for: 10, kind: 'client', name: 'GET' }),
      sketchSpan({ id: `${id}s`, parent: id, at: at + 4, for: 2, service: to }),
    ]
    const tree = buildSpanTree([sketchSpan({ id: 'a', for: 40 }), ...call('x', 0, 'drm'), ...call('y', 10, 'epg'), ...call('z', 20, 'epg')])
    const own = (id: string, at: number) => [section(id, at, at + 4), section(id, at + 6, at + 10)]
    const most = mostOfPath(tree.rows, buildTracePath(tree.rows, tree.originUnixNano, [...own('x', 0), ...own('y', 10), ...own('z', 20)]))
    expect(most).toMatchObject({ ownNs: 16, count: 2 })
    expect(calleeOf(tree.rows, most.index)).toBe('epg')
  })
})

describe('the path bar', () => {
  it('covers the path without a gap, and has no more blocks than fit', () => {
    fc.assert(
      fc.property(anyPath, fc.integer({ min: 1, max: 60 }), (sections, leastNs) => {
        const blocks = blocksOf(sections, leastNs)
        const duration = sections.at(-1)?.endNs ?? 0
        expect(blocks.map(({ startNs }) => startNs).slice(1)).toEqual(blocks.map(({ endNs }) => endNs).slice(0, -1))
        expect(blocks.at(-1)?.endNs ?? 0).toBe(duration)
        expect(blocks.reduce((sum, block) => sum + block.sections, 0)).toBe(sections.length)
        expect(blocks.length).toBeLessThanOrEqual((2 * duration) / leastNs + 1)
      }),
    )
  })

  it('draws a run of short sections under the name of the longest', () => {
    const sections = [stretch('a', 0, 3), stretch('b', 3, 4), stretch('c', 4, 6), stretch('d', 6, 7), stretch('e', 7, 20)]
    expect(blocksOf(sections, 5).map(({ key, sections: count }) => [key, count])).toEqual([
      ['a', 3],
      ['d', 1],
      ['e', 1],
    ])
  })

  it('marks under a bar stay apart only where a gap can be seen', () => {
    expect(marksOf([stretch('a', 0, 3), stretch('a', 4, 5), stretch('a', 9, 10)], 2)).toEqual([
      { startNs: 0, endNs: 5, ownNs: 4 },
      { startNs: 9, endNs: 10, ownNs: 1 },
    ])
  })
})

function stretch(key: string, startNs: number, endNs: number): PathSection {
  return { key, startNs, endNs }
}
