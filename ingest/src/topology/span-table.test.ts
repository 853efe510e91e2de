import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSpanTable, Parent, type SpanKey, type SpanTable } from './span-columns.ts'
import { adopt, appendSpan, dropOldest, findSpan, reserveSpan, takeWaiting, waitForParent } from './span-table.ts'

const TRACE = { tenant: 1, trace0: 2, trace1: 3, trace2: 4, trace3: 5 }

/** A parent that is named: `gone` once it was held and is no longer. */
interface Held {
  id: number
  parent: number | null
  gone?: boolean
}

function keyOf(id: number): SpanKey {
  return { ...TRACE, id0: Math.imul(id, 0x9e3779b1), id1: id }
}

function slotOf(table: SpanTable, id: number): number {
  const key = keyOf(id)
  return findSpan(table, key, key.id0, key.id1)
}

function add(table: SpanTable, { id, parent }: Held): void {
  reserveSpan(table)
  const key = keyOf(id)
  const span = appendSpan(table, key)
  takeWaiting(table, span, key, false)
  if (parent === null) return
  const of = keyOf(parent)
  table.parentId0[span] = of.id0
  table.parentId1[span] = of.id1
  const held = slotOf(table, parent)
  if (held >= 0) adopt(table, held, span)
  else waitForParent(table, span)
}

function drop(table: SpanTable, spans: Held[]): void {
  dropOldest(table, Parent.gone)
  const dropped = spans.shift()?.id
  for (const span of spans) if (span.parent === dropped) span.gone = true
}

function parentOf(table: SpanTable, { parent, gone }: Held): number {
  if (parent === null) return Parent.root
  if (gone === true) return Parent.gone
  const held = slotOf(table, parent)
  return held >= 0 ? held : Parent.waiting
}

/** Each span is found and knows its parent, and lists of children hold them all and no others. */
function expectFamilies(table: SpanTable, spans: readonly Held[]): void {
  const childrenOf = Map.groupBy(spans, ({ parent }) => parent)
  expect(table.size).toBe(spans.length)
  const wrong = spans.filter((span) => {
    const slot = slotOf(table, span.id)
    const children = new Set<number>()
    for (let child = table.firstChild[slot]!; child >= 0; child = table.nextSibling[child]!) children.add(table.id1[child]!)
    const expected = childrenOf.get(span.id) ?? []
    const isWhole = children.size === expected.length && expected.every(({ id }) => children.has(id))
    return table.id1[slot] !== span.id || table.parent[slot] !== parentOf(table, span) || !isWhole
  })
  expect(wrong).toEqual([])
}

it('finds spans and their families however it grows and lets go', () => {
  const step = fc.record({ drops: fc.integer({ min: 0, max: 3 }).map((n) => n === 0), parent: fc.option(fc.integer({ min: 1, max: 40 })), later: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { minLength: 60, maxLength: 400 }), (steps) => {
      const table = createSpanTable()
      const spans: Held[] = []
      steps.forEach(({ drops, parent, later }, id) => {
        const span = { id, parent: parent === null ? null : id + (later ? parent : -parent) }
        add(table, span)
        spans.push(span)
        if (drops) drop(table, spans)
      })
      expectFamilies(table, spans)
    }),
    { numRuns: 200 },
  )
})

it('keeps families where more memory than it needs is reserved', () => {
  const table = createSpanTable()
  const spans: Held[] = []
  for (let id = 1; spans.length < 140_000; id++) {
    const span = { id, parent: id % 4 === 1 ? null : id + (id % 4 === 2 ? 1 : -1) }
    add(table, span)
    spans.push(span)
    if (id % 100 === 0) drop(table, spans)
  }
  expect(table.head).toBeGreaterThan(0)
  expect(table.id0.length).toBeGreaterThan(table.capacity)
  expectFamilies(table, spans)
})
