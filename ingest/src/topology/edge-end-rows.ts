import type { Catalogue } from './catalogue.ts'
import { createEdgeGroups, type EdgeIds, tenantOfNode } from './edge-ids.ts'
import { addToHistogram, type Buckets, createHistogramTable, histogramEntries } from './histogram-table.ts'
import { CallCounter, End, type Rollup } from './rollup.ts'
import { createTupleIndex, tupleId } from './tuple-index.ts'

/** One instance at one side of an edge. */
export interface EndDelta {
  tenant: string
  minute: number
  edgeId: string
  side: 'source' | 'target'
  instance: string
  calls: number
  errors: number
  /** At scale 2. */
  duration: Buckets
}

/** Who used an edge in a minute or hour: hashes, each once. */
export interface ViewersDelta {
  tenant: string
  /** Where it begins. */
  minute: number
  stepSeconds: number
  edgeId: string
  /** 8 bytes each. */
  viewers: Uint8Array
}

/** Operations of an edge are one here. */
export function endRows({ ends }: Rollup, catalogue: Catalogue, ids: EdgeIds): EndDelta[] {
  const { groupOf, edges } = createEdgeGroups(catalogue)
  const rows = createTupleIndex()
  const histograms = createHistogramTable()
  const counts: number[] = []
  const { keys } = ends.cells
  for (let cell = 0; cell < ends.cells.size; cell++) {
    const row = tupleId(rows, groupOf(keys[cell * 3]!), keys[cell * 3 + 1]!, keys[cell * 3 + 2]!)
    counts[row * 2] = (counts[row * 2] ?? 0) + ends.counters[cell * ends.width + CallCounter.calls]!
    counts[row * 2 + 1] = (counts[row * 2 + 1] ?? 0) + ends.counters[cell * ends.width + CallCounter.errors]!
    for (const [bucket, count] of histogramEntries(ends.histograms, cell)) addToHistogram(histograms, row, bucket, count)
  }
  const deltas: EndDelta[] = []
  for (let row = 0; row < rows.size; row++) {
    const [group, minute, part] = [rows.keys[row * 3]!, rows.keys[row * 3 + 1]!, rows.keys[row * 3 + 2]!]
    const { instance } = catalogue.instanceResource[part >> 1]!
    const [calls, errors, duration] = [counts[row * 2]!, counts[row * 2 + 1]!, histogramEntries(histograms, row)]
    if (instance === '' || (calls === 0 && errors === 0 && duration.length === 0)) continue
    const side = (part & 1) === End.source ? 'source' : 'target'
    deltas.push({ ...edgeOf(catalogue, ids, edges[group]!), minute, side, instance, calls, errors, duration })
  }
  return deltas
}

/** Each viewer of a minute once more for its hour: long windows are read by the hour. */
const VIEWER_STEPS_MINUTES = [1, 60]

export function viewerRows({ viewers, edges: counted }: Rollup, catalogue: Catalogue, ids: EdgeIds): ViewersDelta[] {
  const { groupOf, edges } = createEdgeGroups(catalogue)
  const rows = createTupleIndex()
  const seen = createTupleIndex()
  const words: number[][] = []
  for (let i = 0; i < viewers.size; i++) {
    const [cell, low, high] = [viewers.keys[i * 3]!, viewers.keys[i * 3 + 1]!, viewers.keys[i * 3 + 2]!]
    const group = groupOf(counted.cells.keys[cell * 3]!)
    for (const step of VIEWER_STEPS_MINUTES) {
      const row = tupleId(rows, group, Math.floor(counted.cells.keys[cell * 3 + 1]! / step) * step, step)
      const before = seen.size
      if (tupleId(seen, row, low, high) < before) continue
      const own = words[row]
      if (own === undefined) words[row] = [low, high]
      else own.push(low, high)
    }
  }
  return words.map((own, row) => {
    const [group, minute, step] = [rows.keys[row * 3]!, rows.keys[row * 3 + 1]!, rows.keys[row * 3 + 2]!]
    return { ...edgeOf(catalogue, ids, edges[group]!), minute, stepSeconds: step * 60, viewers: new Uint8Array(Int32Array.from(own).buffer) }
  })
}

function edgeOf(catalogue: Catalogue, ids: EdgeIds, edge: number): { tenant: string; edgeId: string } {
  return { tenant: tenantOfNode(catalogue, catalogue.edges.keys[edge * 3 + 1]!), edgeId: ids(edge) }
}
