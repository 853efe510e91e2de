import { readFileSync } from 'node:fs'
import type { LayoutInput } from './layout/graph.ts'
import { layoutGraph } from './layout/layout.ts'

/** `node src/map/layout.bench.ts` from the room: milliseconds to lay out a real graph of 1,238 services and 4,271 edges, five runs. */
export function readGraph(csv: string): LayoutInput {
  const rows = csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
  const names = [...new Set(rows.flatMap(([source = '', target = '']) => [source, target]))]
  return {
    nodes: names.map((name) => ({ id: name, name, kind: 'service', group: '' })),
    edges: rows.map(([source = '', target = '', calls = '0']) => ({ id: `${source}>${target}`, source, target, weight: Number(calls) })),
  }
}

if (import.meta.main) {
  const graph = readGraph(readFileSync(new URL('./fixtures/large.csv', import.meta.url), 'utf8'))
  for (let run = 0; run < 5; run++) {
    const from = performance.now()
    const { width, height } = layoutGraph(graph)
    console.log(`${(performance.now() - from).toFixed(0)} ms, ${Math.round(width)} x ${Math.round(height)} px`)
  }
}
