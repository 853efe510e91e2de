import { expect, test } from 'vitest'
import type { EdgeFinding, Finding } from './findings.ts'
import { edge, node } from './findings-for-tests.ts'
import { incidentsOf } from './incidents.ts'

function slow(source: string, target: string, over: Partial<EdgeFinding> = {}): EdgeFinding {
  const ends = { edge: edge(source, target, { health: 'degraded' }), source: node(source), target: node(target) }
  return { kind: 'edge', id: `${source}>${target}`, health: 'degraded', failing: false, ...ends, worse: null, better: null, ...over }
}

/** Ids of what each card tells, the worst first. */
function cards(...found: Finding[]): string[] {
  return incidentsOf(found).map(({ worst, callers }) => [worst.id, ...callers.filter(({ id }) => id !== worst.id).map(({ id }) => id)].join(' + '))
}

test('a target that is slow for several callers is one incident, at the place of the worst', () => {
  expect(cards(slow('a', 'db'), slow('x', 'y'), slow('b', 'db'), slow('c', 'db'))).toEqual(['a>db + b>db + c>db', 'x>y'])
})

test('callers are listed with the worst among them, and not where there is one alone', () => {
  const [shared, alone] = incidentsOf([slow('a', 'db'), slow('b', 'db'), slow('x', 'y')])
  expect(shared?.callers.map(({ id }) => id)).toEqual(['a>db', 'b>db'])
  expect(alone?.callers).toEqual([])
})

test('what is wrong in another way is another incident', () => {
  const rise = { now: 400, base: 10, change: 40, worse: true } as const
  const lost = slow('e', 'db', { worse: { measure: 'network', ...rise } })
  const waits = slow('w', 'db', { worse: { measure: 'queueWait', ...rise } })
  const over = slow('o', 'db', { better: { measure: 'p95', now: 10, base: 400, change: 0.025, worse: false } })
  const failing = slow('f', 'db', { failing: true, edge: edge('f', 'db', { errors: 9 }) })
  expect(cards(slow('a', 'db'), failing, lost, waits, over)).toEqual(['a>db', 'f>db', 'e>db', 'w>db', 'o>db'])
})

test('a node is an incident of its own, also where edges lead to it', () => {
  const alone: Finding = { kind: 'node', id: 'db', health: 'bad', failing: true, node: node('db', { errors: 9 }) }
  expect(cards(alone, slow('a', 'db'))).toEqual(['db', 'a>db'])
})

test('nothing wrong is no incident', () => {
  expect(incidentsOf([])).toEqual([])
})
