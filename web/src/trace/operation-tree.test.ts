import { describe, expect, it } from 'vitest'
import { flameBlocks } from './flame-layout.ts'
import { operationTree } from './operation-tree.ts'
import { serviceLanes } from './service-lanes.ts'
import { sketchSpan, type Sketch } from './sketch-for-tests.ts'
import { buildSpanTree } from './span-tree.ts'

const rowsOf = (...sketches: Sketch[]) => buildSpanTree(sketches.map(sketchSpan)).rows
const sample = rowsOf(
  { id: 'root', name: 'GET /', for: 100 },
  { id: 'q1', parent: 'root', name: 'SELECT', service: 'db', at: 10, for: 20 },
  { id: 'q2', parent: 'root', name: 'SELECT', service: 'db', at: 40, for: 30, error: true },
  { id: 'in', parent: 'q2', name: 'scan', service: 'db', at: 45, for: 10 },
)

describe('the operation tree', () => {
  it('folds spans that were called the same way, and its times add up', () => {
    const nodes = operationTree(sample)
    expect(nodes.map(({ name, count, errors, totalNs, selfNs, subtreeNs, depth }) => [name, count, errors, totalNs, selfNs, subtreeNs, depth])).toEqual([
      ['GET /', 1, 0, 100, 50, 100, 0],
      ['SELECT', 2, 1, 50, 40, 50, 1],
      ['scan', 1, 0, 10, 10, 10, 2],
    ])
    expect(nodes[1]?.longest).toEqual({ key: 'q2', durationNs: 30 })
  })

  it('takes a chain as long as a trace may be', () => {
    const chain = rowsOf(...Array.from({ length: 20_000 }, (_, at) => ({ id: `s${at}`, parent: at === 0 ? '' : `s${at - 1}`, at, for: 50_000 - at })))
    const nodes = operationTree(chain)
    expect(nodes).toHaveLength(20_000)
    expect(nodes[0]?.subtreeNs).toBe(50_000)
  })
})

describe('the flame picture', () => {
  const nodes = operationTree(sample)
  it('puts children side by side below their parent, as wide as their time', () => {
    expect(flameBlocks(nodes, -1, 0)).toEqual([
      { place: 0, left: 0, width: 1, level: 0 },
      { place: 1, left: 0, width: 0.5, level: 1 },
      { place: 2, left: 0, width: 0.1, level: 2 },
    ])
  })

  it('gives the width to what is looked at, and leaves out what cannot be seen', () => {
    expect(flameBlocks(nodes, 1, 0).map(({ place, width }) => [place, width])).toEqual([
      [0, 1],
      [1, 1],
      [2, 0.2],
    ])
    expect(flameBlocks(nodes, -1, 0.3).map(({ place }) => place)).toEqual([0, 1])
  })
})

describe('the lanes of services', () => {
  it('join what overlaps, count what runs at once and place what failed', () => {
    const [api, db] = serviceLanes(sample)
    expect(api).toMatchObject({ service: 'api', spans: 1, busyNs: 100, most: 1, failures: [] })
    expect(db).toMatchObject({ service: 'db', spans: 3, busyNs: 50, most: 2, failures: [{ atNs: 70, key: 'q2' }] })
    expect(db?.busy).toEqual([
      { startNs: 10, endNs: 30 },
      { startNs: 40, endNs: 70 },
    ])
  })
})
