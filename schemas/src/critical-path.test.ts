import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { criticalPath, criticalRoot, LOST_PARENT, NO_PARENT, type SpanColumns } from './critical-path.ts'
import { SpanKindNumber, type SpanKind } from './otlp-wire.ts'

type Sketch = [start: number, end: number, parent: number, kind?: SpanKind]

const columns = (spans: readonly Sketch[]): SpanColumns => ({
  start: spans.map(([start]) => start),
  end: spans.map(([, end]) => end),
  parent: spans.map(([, , parent]) => parent),
  kind: spans.map(([, , , kind = 'internal']) => SpanKindNumber[kind]),
})

/** As `span:start-end`, in the order answered. */
const path = (...spans: Sketch[]): string => said(columns(spans))
const said = (spans: SpanColumns): string =>
  criticalPath(spans)
    .map(({ span, start, end }) => `${span}:${start}-${end}`)
    .join(' ')

describe('the critical path', () => {
  it('of one span is the span', () => {
    expect(path([3, 9, NO_PARENT])).toBe('0:3-9')
  })

  it('of no span, or of a root without length, has no section', () => {
    expect(path()).toBe('')
    expect(path([3, 3, NO_PARENT], [1, 9, 0])).toBe('')
  })

  it('goes through calls made one after the other, what lies between them is the caller’s own', () => {
    expect(path([0, 10, NO_PARENT], [1, 4, 0], [6, 9, 0])).toBe('0:0-1 1:1-4 0:4-6 2:6-9 0:9-10')
    expect(path([0, 10, NO_PARENT], [0, 5, 0], [5, 10, 0])).toBe('1:0-5 2:5-10')
  })

  it('goes through the one of parallel calls that finished last, and before it only through what had finished by its start', () => {
    expect(path([0, 10, NO_PARENT], [1, 6, 0], [2, 8, 0])).toBe('0:0-2 2:2-8 0:8-10')
    expect(path([0, 10, NO_PARENT], [0, 2, 0], [1, 6, 0], [3, 8, 0])).toBe('1:0-2 0:2-3 3:3-8 0:8-10')
  })

  it('of calls that end together follows the longest, then the first given', () => {
    expect(path([0, 9, NO_PARENT], [4, 8, 0], [2, 8, 0], [2, 8, 0])).toBe('0:0-2 2:2-8 0:8-9')
  })

  it('clips a child to its parent on both sides, and what is below it to that', () => {
    expect(path([10, 20, NO_PARENT], [5, 30, 0], [0, 12, 1], [15, 40, 1])).toBe('2:10-12 1:12-15 3:15-20')
  })

  it('of children clipped to the same end follows the one that has run longest', () => {
    expect(path([0, 10, NO_PARENT], [6, 30, 0], [4, 11, 0])).toBe('0:0-4 2:4-10')
  })

  it('leaves out a child that starts after its parent ended or ended before it started', () => {
    expect(path([10, 20, NO_PARENT], [20, 25, 0], [2, 10, 0], [22, 30, 0])).toBe('0:10-20')
  })

  it('leaves out a consumer its parent did not wait for, with everything below it', () => {
    expect(path([0, 20, NO_PARENT], [2, 6, 0, 'producer'], [5, 9, 1, 'consumer'], [5, 6, 2])).toBe('0:0-2 1:2-6 0:6-20')
  })

  it('follows a consumer its parent waited for', () => {
    expect(path([0, 20, NO_PARENT], [2, 10, 0, 'producer'], [5, 9, 1, 'consumer'])).toBe('0:0-2 1:2-5 2:5-9 1:9-10 0:10-20')
  })

  it('leaves out spans of no and of negative length', () => {
    expect(path([0, 10, NO_PARENT], [10, 10, 0], [5, 5, 0], [8, 3, 0])).toBe('0:0-10')
    expect(path([9, 4, NO_PARENT])).toBe('')
  })

  it('passes through a span without a section of its own', () => {
    expect(path([0, 10, NO_PARENT], [0, 10, 0], [0, 10, 1])).toBe('2:0-10')
  })

  it('belongs to a true root before an orphan, and to an orphan before spans on a cycle', () => {
    expect(path([0, 90, LOST_PARENT], [5, 7, NO_PARENT], [6, 7, 1])).toBe('1:5-6 2:6-7')
    expect(path([0, 90, 1], [0, 95, 0], [5, 7, 77], [5, 6, 2])).toBe('3:5-6 2:6-7')
  })

  it('belongs to the longest of several roots, then the earliest, then the first given', () => {
    expect(
      criticalRoot(
        columns([
          [0, 5, NO_PARENT],
          [8, 20, NO_PARENT],
          [1, 2, NO_PARENT],
        ]),
      ),
    ).toBe(1)
    expect(
      criticalRoot(
        columns([
          [4, 9, NO_PARENT],
          [2, 7, NO_PARENT],
          [2, 7, NO_PARENT],
        ]),
      ),
    ).toBe(1)
    expect(criticalRoot(columns([]))).toBe(-1)
  })

  it('of a cycle is cut at the longest span', () => {
    expect(path([2, 4, 2], [0, 9, 0], [3, 4, 1])).toBe('1:0-3 0:3-4 1:4-9')
    expect(path([0, 9, 0])).toBe('0:0-9')
  })

  it('takes a parent that is no index for one that is lost', () => {
    for (const parent of [7, -3, 0.5, Number.NaN]) expect(path([0, 9, parent])).toBe('0:0-9')
  })

  it('is exact to the nanosecond beside a day of nanoseconds', () => {
    const day = 86_400_000_000_000
    expect(path([0, day, NO_PARENT], [1, day - 1, 0])).toBe(`0:0-1 1:1-${day - 1} 0:${day - 1}-${day}`)
  })

  it('of typed arrays is that of plain ones', () => {
    const plain = columns([
      [0, 10, NO_PARENT],
      [1, 4, 0],
      [6, 9, 0],
    ])
    const typed = {
      start: Float64Array.from(plain.start),
      end: Float64Array.from(plain.end),
      parent: Int32Array.from(plain.parent),
      kind: Uint8Array.from(plain.kind),
    }
    expect(said(typed)).toBe(said(plain))
  })
})

/** Paints the root's time, one cell a nanosecond, with the span each belongs to; written from the definition alone. */
function painted(spans: readonly SpanSketch[]): { root: number; from: number; cells: number[] } {
  const rootsBy = (is: (parent: number) => boolean) => spans.map((_, i) => i).filter((i) => is(spans[i]?.parent ?? 0))
  const known = (parent: number) => parent >= 0 && parent < spans.length
  const candidates = [rootsBy((parent) => parent === NO_PARENT), rootsBy((parent) => !known(parent)), rootsBy(() => true)].find((each) => each.length > 0) ?? []
  const [root = -1] = candidates.toSorted((a, b) => length(spans[b]) - length(spans[a]) || (spans[a]?.start ?? 0) - (spans[b]?.start ?? 0) || a - b)
  const top = spans[root]
  if (top === undefined) return { root, from: 0, cells: [] }
  const cells: number[] = Array.from({ length: length(top) }, () => -1)
  const paint = (index: number, from: number, to: number): void => {
    for (let cell = from; cell < to; cell++) cells[cell - top.start] = index
    const parentEnd = (spans[index]?.start ?? 0) + length(spans[index])
    const inside = spans.flatMap((child, i) => {
      const childEnd = child.start + length(child)
      if (child.parent !== index || i === root || (child.kind === 'consumer' && childEnd > parentEnd)) return []
      const [low, high] = [Math.max(child.start, from), Math.min(childEnd, to)]
      return low < high ? [{ i, low, high }] : []
    })
    for (let cursor = to; ; ) {
      const finished = inside.filter(({ high }) => high <= cursor)
      const [last] = finished.sort((a, b) => b.high - a.high || a.low - b.low || a.i - b.i)
      if (last === undefined) return
      paint(last.i, last.low, last.high)
      cursor = last.low
    }
  }
  paint(root, top.start, top.start + length(top))
  return { root, from: top.start, cells }
}

interface SpanSketch {
  start: number
  end: number
  parent: number
  kind: SpanKind
}

const length = (span: SpanSketch | undefined): number => (span === undefined ? 0 : Math.max(0, span.end - span.start))

const anySpan = (count: number): fc.Arbitrary<SpanSketch> =>
  fc.record({
    start: fc.nat(24),
    end: fc.nat(28),
    parent: fc.oneof({ weight: 8, arbitrary: fc.nat(Math.max(0, count - 1)) }, { weight: 1, arbitrary: fc.integer({ min: -3, max: count + 1 }) }),
    kind: fc.constantFrom('internal', 'producer', 'consumer'),
  })

/** Mostly trees whose first span is a long root; often with orphans, loops, skew and nonsense among them. */
const anyTrace: fc.Arbitrary<SpanSketch[]> = fc
  .nat(14)
  .chain((count) => fc.tuple(fc.array(anySpan(count), { minLength: count, maxLength: count }), fc.nat(3)))
  .map(([spans, chaos]) =>
    chaos === 0 ? spans : spans.map((span, i) => (i === 0 ? { start: 2, end: 26, parent: NO_PARENT, kind: 'internal' } : { ...span, parent: span.parent % i })),
  )

describe('over any trace', () => {
  it('the path is what the definition paints, and its sections are in order, disjoint, inside the root and together its duration', () => {
    fc.assert(
      fc.property(anyTrace, (spans) => {
        const given = columns(spans.map(({ start, end, parent, kind }): Sketch => [start, end, parent, kind]))
        const { root, from, cells } = painted(spans)
        const sections = criticalPath(given)
        expect(criticalRoot(given)).toBe(root)
        let at = from
        for (const section of sections) {
          expect(section.start).toBe(at)
          expect(section.end).toBeGreaterThan(section.start)
          for (let cell = section.start; cell < section.end; cell++) expect(cells[cell - from]).toBe(section.span)
          at = section.end
        }
        expect(at - from).toBe(length(spans[root]))
        expect(sections.length).toBeLessThanOrEqual(Math.max(0, 2 * spans.length - 1))
      }),
      { numRuns: 10_000 },
    )
  })
})

describe('a trace of any shape', () => {
  it('of 100,000 calls in a chain takes no stack', () => {
    const count = 100_000
    const chain = {
      start: Float64Array.from({ length: count }, (_, i) => i),
      end: Float64Array.from({ length: count }, (_, i) => 2 * count - i),
      parent: Int32Array.from({ length: count }, (_, i) => i - 1),
      kind: new Uint8Array(count),
    }
    const sections = criticalPath(chain)
    expect(sections).toHaveLength(2 * count - 1)
    expect(sections[count - 1]).toEqual({ span: count - 1, start: count - 1, end: count + 1 })
  })

  it.each<[string, (i: number, random: number) => number]>([
    ['one span calls all others', () => 0],
    ['any span calls any', (i, random) => Math.floor(random * i)],
    ['each calls the next', (i) => i - 1],
  ])('of 50,000 spans is walked in far less than quadratic time: %s', (_name, parentOf) => {
    let seed = 7
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
    const count = 50_000
    const start = Float64Array.from({ length: count }, (_, i) => (i === 0 ? 0 : Math.floor(random() * 9e8)))
    const end = start.map((at, i) => (i === 0 ? 1e9 : at + Math.floor(random() * 1e5)))
    const parent = Int32Array.from({ length: count }, (_, i) => (i === 0 ? NO_PARENT : parentOf(i, random())))
    const took = Array.from({ length: 5 }, () => {
      const began = performance.now()
      criticalPath({ start, end, parent, kind: new Uint8Array(count) })
      return performance.now() - began
    })
    // 10 to 30 ms on a quiet machine; a quadratic walk takes seconds
    expect(Math.min(...took)).toBeLessThan(300)
  })
})
