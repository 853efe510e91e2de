import { describe, expect, it } from 'vitest'
import { operationTree } from '../trace/operation-tree.ts'
import { type Sketch, sketchSpan } from '../trace/sketch-for-tests.ts'
import { buildSpanTree } from '../trace/span-tree.ts'
import { changeCounts, mergeTrees, mostChanged } from './merge-trees.ts'

const treeOf = (...sketches: Sketch[]) => operationTree(buildSpanTree(sketches.map(sketchSpan)).rows)
const before = treeOf(
  { id: 'r', name: 'GET /', for: 1000 },
  { id: '1', parent: 'r', name: 'auth', at: 10, for: 100 },
  { id: '2', parent: 'r', name: 'SELECT', at: 200, for: 100 },
  { id: '3', parent: 'r', name: 'cache', at: 400, for: 5 },
)
const after = treeOf(
  { id: 'r', name: 'GET /', for: 1900 },
  { id: '1', parent: 'r', name: 'auth', at: 10, for: 101 },
  { id: '2', parent: 'r', name: 'SELECT', at: 200, for: 400 },
  { id: '2b', parent: 'r', name: 'SELECT', at: 700, for: 400 },
  { id: '4', parent: '2', name: 'scan', at: 210, for: 300 },
)

describe('two traces put over each other', () => {
  const merged = mergeTrees(before, after, 1900)

  it('say of each operation called the same way what became of it', () => {
    expect(merged.map(({ name, depth, change, a, b }) => [name, depth, change, a?.count ?? 0, b?.count ?? 0])).toEqual([
      ['GET /', 0, 'slower', 1, 1],
      ['auth', 1, 'same', 1, 1],
      ['SELECT', 1, 'slower', 1, 2],
      ['scan', 2, 'new', 0, 1],
      ['cache', 1, 'gone', 1, 0],
    ])
    expect(changeCounts(merged)).toEqual({ new: 1, gone: 1, slower: 2, faster: 0, more: 0, fewer: 0, same: 1 })
  })

  it('differ by self times that add up to the difference of all work', () => {
    const sum = (tree: typeof before) => tree.reduce((total, node) => total + node.selfNs, 0)
    expect(merged.reduce((total, node) => total + node.selfDeltaNs, 0)).toBe(sum(after) - sum(before))
    expect(mostChanged(merged)?.name).toBe('SELECT')
  })

  it('are the same as themselves, and mirrored the other way round', () => {
    expect(changeCounts(mergeTrees(before, before, 1000)).same).toBe(before.length)
    const back = mergeTrees(after, before, 1900)
    expect(changeCounts(back)).toMatchObject({ new: 1, gone: 1, slower: 0, faster: 2 })
    expect(mostChanged(mergeTrees(before, before, 1000))).toBeNull()
  })

  it('keep the same name below another parent apart', () => {
    const other = treeOf(
      { id: 'r', name: 'GET /', for: 1000 },
      { id: '1', parent: 'r', name: 'auth', for: 100 },
      { id: '2', parent: '1', name: 'SELECT', for: 100 },
    )
    expect(
      mergeTrees(before, other, 1000)
        .filter(({ name }) => name === 'SELECT')
        .map(({ change }) => change),
    ).toEqual(['new', 'gone'])
  })
})
