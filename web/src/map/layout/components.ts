import type { IndexedGraph } from './graph.ts'

/**
 * Strongly connected components (Tarjan, without recursion: a call chain may be longer than the stack is deep).
 * Answers the component of every node; a component's number is larger than those of the components it calls.
 */
export function stronglyConnected(graph: IndexedGraph): Int32Array {
  const count = graph.nodes.length
  const state = {
    index: new Int32Array(count).fill(-1),
    low: new Int32Array(count),
    component: new Int32Array(count).fill(-1),
    stack: [] as number[],
    visited: 0,
    components: 0,
  }
  for (let start = 0; start < count; start++) if (state.index[start] === -1) explore(graph, start, state)
  return state.component
}

interface TarjanState {
  index: Int32Array
  low: Int32Array
  component: Int32Array
  stack: number[]
  visited: number
  components: number
}

function open(node: number, state: TarjanState): { node: number; next: number } {
  state.index[node] = state.visited
  state.low[node] = state.visited
  state.visited++
  state.stack.push(node)
  return { node, next: 0 }
}

function explore(graph: IndexedGraph, start: number, state: TarjanState): void {
  const frames = [open(start, state)]
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const edge = graph.outgoing[frame.node]?.[frame.next++]
    if (edge !== undefined) {
      const target = graph.edges[edge]?.target ?? frame.node
      if (state.index[target] === -1) frames.push(open(target, state))
      else if (state.component[target] === -1) lower(state, frame.node, state.index[target])
    } else {
      close(frame.node, state)
      frames.pop()
      const parent = frames.at(-1)
      if (parent !== undefined) lower(state, parent.node, state.low[frame.node])
    }
  }
}

function lower(state: TarjanState, node: number, to: number | undefined): void {
  state.low[node] = Math.min(state.low[node] ?? 0, to ?? 0)
}

function close(node: number, state: TarjanState): void {
  if (state.low[node] !== state.index[node]) return
  let member: number | undefined
  do {
    member = state.stack.pop()
    if (member !== undefined) state.component[member] = state.components
  } while (member !== undefined && member !== node)
  state.components++
}
