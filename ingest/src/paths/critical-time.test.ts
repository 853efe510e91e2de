import { criticalPath, LOST_PARENT, NO_PARENT } from '@skein/schemas/critical-path'
import { expect, test } from 'vitest'
import { idBytes } from '../topology/spans-for-tests.ts'
import { wordAt } from '../topology/span-key.ts'
import { appendSpan, appendTrace, createArena } from './arena.ts'
import { createCriticalTime, walkBack } from './critical-time.ts'
import { type ReferenceSpan, referenceTimes } from './reference-for-tests.ts'
import { createTraceColumns, gatherTrace, NO_PARENT as WITHOUT_PARENT } from './trace-columns.ts'
import { randomTrace, seeded } from './traces-for-tests.ts'

const KEY = { tenant: 0, trace0: 1, trace1: 2, trace2: 3, trace3: 4, id0: 0, id1: 0 }
const columns = createTraceColumns()
const path = createCriticalTime()

function timesOf(spans: readonly ReferenceSpan[]): Map<string, number> {
  const arena = createArena(1e15, 0)
  const trace = appendTrace(arena, KEY, 0)
  for (const span of spans) {
    const at = appendSpan(arena, trace)
    const id = idBytes(span.id, 8)
    const parent = idBytes(span.parent ?? '0', 8)
    arena.id0[at] = wordAt(id, 0)
    arena.id1[at] = wordAt(id, 4)
    arena.parent0[at] = wordAt(parent, 0)
    arena.parent1[at] = wordAt(parent, 4)
    arena.flags[at] = span.kind | (span.parent === null ? WITHOUT_PARENT : 0)
    arena.startNs[at] = span.start
    arena.durationNs[at] = span.end - span.start
  }
  gatherTrace(columns, arena, arena.head[trace]!, spans.length)
  walkBack(path, columns)
  const found = Array.from({ length: path.size }, (_, place): [string, number] => [spans[columns.span[path.span[place]!]!]!.id, path.selfNs[place]!])
  return new Map(found.filter(([, time]) => time > 0))
}

/** What the API answers for one trace: spans as the store sorts them. */
function answeredTimes(spans: readonly ReferenceSpan[]): Map<string, number> {
  const sorted = spans.toSorted((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1))
  const index = new Map(sorted.map(({ id }, at) => [id, at]))
  const sections = criticalPath({
    start: sorted.map(({ start }) => start),
    end: sorted.map(({ end }) => end),
    parent: sorted.map(({ parent }) => (parent === null ? NO_PARENT : (index.get(parent) ?? LOST_PARENT))),
    kind: sorted.map(({ kind }) => kind),
  })
  const times = new Map<string, number>()
  for (const { span, start, end } of sections) times.set(sorted[span]!.id, (times.get(sorted[span]!.id) ?? 0) + end - start)
  return times
}

test('ten thousand random traces have the path of the slow reference, in whatever order their spans came, and the one that the API answers', () => {
  const random = seeded(20_261_124)
  for (let i = 0; i < 10_000; i++) {
    const spans = randomTrace(random)
    const expected = referenceTimes(spans)
    expect(timesOf(spans), `trace ${i}`).toEqual(expected)
    expect(timesOf(spans.toReversed()), `trace ${i}, reversed`).toEqual(expected)
    expect(answeredTimes(spans), `trace ${i}, answered`).toEqual(expected)
  }
})

test('a chain of 50,000 calls and 50,000 children of one span take no stack and little time', () => {
  const chain = Array.from({ length: 50_000 }, (_, at) => ({
    id: (at + 1).toString(16),
    parent: at === 0 ? null : at.toString(16),
    kind: 1,
    start: at,
    end: 200_000 - at,
  }))
  const own = timesOf(chain)
  expect(own.get('1')).toBe(2)
  expect([...own.values()].reduce((sum, time) => sum + time, 0)).toBe(200_000)
  const fan = chain.map((span, at) => ({ ...span, parent: at === 0 ? null : '1', start: at, end: at === 0 ? 200_000 : at + 2 }))
  expect([...timesOf(fan).values()].reduce((sum, time) => sum + time, 0)).toBe(200_000)
})
