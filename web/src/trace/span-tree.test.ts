import type { TraceSpan } from '@skein/schemas/api/traces'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selfTimes } from './self-time.ts'
import { serviceTimes } from './service-times.ts'
import { buildSpanTree, type SpanTree } from './span-tree.ts'
import { foldable, moveInTree, reveal, visibleRows } from './visible-rows.ts'

const ORIGIN = 1_763_841_600_000_000_000n

interface Sketch {
  id: string
  parent?: string
  at?: number
  for?: number
  service?: string
  error?: boolean
}

const span = ({ id, parent = '', at = 0, for: length = 10, service = 'api', error = false }: Sketch): TraceSpan => ({
  spanId: id,
  parentSpanId: parent,
  name: `do ${id}`,
  kind: 'server',
  service,
  startTimeUnixNano: String(ORIGIN + BigInt(at)),
  endTimeUnixNano: String(ORIGIN + BigInt(at + length)),
  status: { code: error ? 'error' : 'unset', message: '' },
  attributes: { 'http.route': `/${id}` },
  resource: 'r',
  scope: '',
  events: [],
  links: [],
})

const draw = (tree: SpanTree): string[] => tree.rows.map((row) => `${'.'.repeat(row.depth)}${row.key}`)

describe('the span tree', () => {
  it('puts children under their parent, in the order of their starts', () => {
    const tree = buildSpanTree([
      span({ id: 'c', parent: 'a', at: 5 }),
      span({ id: 'a', for: 20 }),
      span({ id: 'b', parent: 'a', at: 2 }),
      span({ id: 'd', parent: 'b', at: 3 }),
    ])
    expect(draw(tree)).toEqual(['a', '.b', '..d', '.c'])
    expect(tree.rows.map((row) => row.end)).toEqual([4, 3, 3, 4])
    expect(tree.durationNs).toBe(20)
    expect(tree.originUnixNano).toBe(ORIGIN)
  })

  it('keeps nanoseconds exact', () => {
    const tree = buildSpanTree([span({ id: 'a', for: 3 }), span({ id: 'b', parent: 'a', at: 1, for: 1 })])
    expect(tree.rows.map((row) => [row.startNs, row.durationNs])).toEqual([
      [0, 3],
      [1, 1],
    ])
  })

  it('gathers orphans under the parent that was never received, as long as they last', () => {
    const tree = buildSpanTree([span({ id: 'b', parent: 'gone', at: 4, for: 2 }), span({ id: 'c', parent: 'gone', at: 8, for: 5 })])
    expect(draw(tree)).toEqual(['missing:gone', '.b', '.c'])
    expect(tree.rows[0]).toMatchObject({ span: null, missingId: 'gone', startNs: 0, durationNs: 9 })
  })

  it('shows several roots, and a repeated id once', () => {
    const tree = buildSpanTree([span({ id: 'b', at: 9 }), span({ id: 'a' }), span({ id: 'b', at: 9 })])
    expect(draw(tree)).toEqual(['a', 'b'])
    expect(tree.duplicates).toBe(1)
  })

  it('cuts a cycle at its earliest span, and a span that is its own parent', () => {
    const tree = buildSpanTree([
      span({ id: 'a', parent: 'c', at: 1 }),
      span({ id: 'b', parent: 'a', at: 2 }),
      span({ id: 'c', parent: 'b', at: 3 }),
      span({ id: 'self', parent: 'self', at: 9 }),
    ])
    expect(draw(tree)).toEqual(['a', '.b', '..c', 'self'])
    expect(tree.rows.map((row) => row.cut)).toEqual([true, false, false, true])
  })

  it('survives clocks that run backwards and times that cannot be read', () => {
    const back = { ...span({ id: 'a', at: 50 }), endTimeUnixNano: String(ORIGIN) }
    const unset = { ...span({ id: 'b', parent: 'a' }), startTimeUnixNano: '0', endTimeUnixNano: 'soon' }
    const tree = buildSpanTree([back, unset])
    expect(tree.rows.map((row) => [row.key, row.startNs, row.durationNs])).toEqual([
      ['a', 0, 0],
      ['b', 0, 0],
    ])
  })

  it('places every span once, whatever the parents say', () => {
    const parents = fc.array(fc.nat(40), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(parents, (list) => {
        const tree = buildSpanTree(list.map((parent, index) => span({ id: `s${index}`, parent: parent === 40 ? '' : `s${parent}`, at: (index * 7) % 13 })))
        const received = tree.rows.filter((row) => row.span !== null).map((row) => row.key)
        expect(received).toHaveLength(list.length)
        expect(new Set(received).size).toBe(list.length)
        tree.rows.forEach((row, index) => {
          expect(row.depth).toBe(row.parent < 0 ? 0 : (tree.rows[row.parent]?.depth ?? NaN) + 1)
          expect(row.parent < index && row.end > index && row.end <= tree.rows.length).toBe(true)
        })
      }),
    )
  })

  it('takes a chain of 50,000 calls without running out of stack', () => {
    const chain = Array.from({ length: 50_000 }, (_, i) => span({ id: `s${i}`, parent: i === 0 ? '' : `s${i - 1}`, at: i }))
    expect(buildSpanTree(chain).rows.at(-1)?.depth).toBe(49_999)
  })
})

describe('self time', () => {
  it('is what no child covers; overlapping children count once, late ones not at all', () => {
    const { rows } = buildSpanTree([
      span({ id: 'a', for: 100 }),
      span({ id: 'b', parent: 'a', at: 10, for: 30 }),
      span({ id: 'c', parent: 'a', at: 20, for: 40 }),
      span({ id: 'd', parent: 'a', at: 90, for: 50 }),
      span({ id: 'e', parent: 'a', at: 200, for: 5 }),
    ])
    expect([...selfTimes(rows)]).toEqual([40, 30, 40, 50, 5])
  })

  it('adds up by service, with colours that never stand for network or wait', () => {
    const spans = Array.from({ length: 12 }, (_, i) => span({ id: `s${i}`, at: i * 10, service: `svc-${i}`, error: i === 3 }))
    const services = serviceTimes(buildSpanTree(spans).rows)
    expect(services.reduce((sum, service) => sum + service.share, 0)).toBeCloseTo(1)
    expect(services.find((service) => service.errors === 1)?.service).toBe('svc-3')
    for (const service of services) expect(service.color).not.toMatch(/--cat-[26]\)/)
  })
})

describe('folding and moving', () => {
  const { rows } = buildSpanTree([
    span({ id: 'a', for: 20 }),
    span({ id: 'b', parent: 'a', at: 1 }),
    span({ id: 'c', parent: 'b', at: 2 }),
    span({ id: 'd', parent: 'a', at: 9 }),
  ])
  const none: ReadonlySet<string> = new Set()
  const move = (row: number, key: string, collapsed = none) => moveInTree(rows, visibleRows(rows, collapsed), { row, collapsed }, key)

  it('hides what lies under a folded row', () => {
    expect(visibleRows(rows, new Set(['b']))).toEqual([0, 1, 3])
    expect(foldable(rows, 1)).toEqual(new Set(['b']))
  })

  it('goes down over a folded row, up to the row before, and stops at the ends', () => {
    expect(move(1, 'ArrowDown', new Set(['b']))?.row).toBe(3)
    expect(move(3, 'ArrowUp')?.row).toBe(2)
    expect(move(3, 'ArrowDown')?.row).toBe(3)
    expect(move(-1, 'ArrowDown')?.row).toBe(0)
  })

  it('folds with left, then goes to the parent; unfolds with right, then goes to the child', () => {
    expect(move(1, 'ArrowLeft')?.collapsed).toEqual(new Set(['b']))
    expect(move(2, 'ArrowLeft')?.row).toBe(1)
    expect(move(1, 'ArrowRight', new Set(['b']))).toEqual({ row: 1, collapsed: new Set() })
    expect(move(1, 'ArrowRight')?.row).toBe(2)
    expect(move(1, 'x')).toBeNull()
  })

  it('unfolds what hides a row that was searched for', () => {
    expect(reveal(rows, new Set(['a', 'b']), 2)).toEqual(new Set())
    expect(reveal(rows, new Set(['d']), 2)).toEqual(new Set(['d']))
  })
})
