import type { Catalogue } from './catalogue.ts'
import { edgeOf, type EdgeIds } from './edge-ids.ts'
import { type Buckets, histogramEntries } from './histogram-table.ts'
import { CallCounter, End, type Rollup } from './rollup.ts'

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
  const rows = new Map<string, EndDelta>()
  for (let cell = 0; cell < ends.cells.size; cell++) {
    const [edge, minute, part] = [ends.cells.keys[cell * 3]!, ends.cells.keys[cell * 3 + 1]!, ends.cells.keys[cell * 3 + 2]!]
    const instance = catalogue.instanceResource[part >> 1]!.instance
    const calls = ends.counters[cell * ends.width + CallCounter.calls]!
    const errors = ends.counters[cell * ends.width + CallCounter.errors]!
    const duration = histogramEntries(ends.histograms, cell)
    if (instance === '' || (calls === 0 && errors === 0 && duration.length === 0)) continue
    const row: EndDelta = { ...edgeOf(catalogue, ids, edge), minute, side: (part & 1) === End.source ? 'source' : 'target', instance, calls, errors, duration }
    const key = `${row.edgeId} ${minute} ${row.side} ${instance}`
    const known = rows.get(key)
    if (known === undefined) rows.set(key, row)
    else addEnd(known, row)
  }
  return [...rows.values()]
}

function addEnd(to: EndDelta, from: EndDelta): void {
  to.calls += from.calls
  to.errors += from.errors
  const counts = new Map(to.duration)
  for (const [bucket, count] of from.duration) counts.set(bucket, (counts.get(bucket) ?? 0) + count)
  to.duration = [...counts].filter(([, count]) => count !== 0)
}

/** Each viewer of a minute once more for its hour: long windows are read by the hour. */
const VIEWER_STEPS_MINUTES = [1, 60]

export function viewerRows({ viewers, edges }: Rollup, catalogue: Catalogue, ids: EdgeIds): ViewersDelta[] {
  const rows = new Map<string, { row: Omit<ViewersDelta, 'viewers'>; words: number[]; seen: Set<string> }>()
  for (let i = 0; i < viewers.size; i++) {
    const [cell, low, high] = [viewers.keys[i * 3]!, viewers.keys[i * 3 + 1]!, viewers.keys[i * 3 + 2]!]
    const edge = edgeOf(catalogue, ids, edges.cells.keys[cell * 3]!)
    for (const step of VIEWER_STEPS_MINUTES) {
      const minute = Math.floor(edges.cells.keys[cell * 3 + 1]! / step) * step
      const key = `${edge.edgeId} ${minute} ${step}`
      const known = rows.get(key) ?? { row: { ...edge, minute, stepSeconds: step * 60 }, words: [], seen: new Set() }
      rows.set(key, known)
      const viewer = `${low} ${high}`
      if (known.seen.has(viewer)) continue
      known.seen.add(viewer)
      known.words.push(low, high)
    }
  }
  return [...rows.values()].map(({ row, words }) => ({ ...row, viewers: new Uint8Array(Int32Array.from(words).buffer) }))
}
