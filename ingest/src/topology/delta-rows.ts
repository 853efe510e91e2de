import { EDGE_KINDS, EVIDENCE, type EdgeKind, type Evidence, type NodeKey, type NoteCode } from '@skein/schemas/topology'
import type { BatchResource } from '../decode/span-batch.ts'
import type { Accumulator } from './accumulator.ts'
import { type Catalogue, NOTES } from './catalogue.ts'
import { createEdgeIds, type EdgeIds, tenantOfNode } from './edge-ids.ts'
import { type EndDelta, endRows, type ViewersDelta, viewerRows } from './edge-end-rows.ts'
import { EXEMPLAR_WORDS, EXEMPLARS_PER_CELL } from './exemplar-table.ts'
import { type Buckets, histogramEntries } from './histogram-table.ts'
import { textOf } from './intern.ts'
import { CallCounter, EDGE_HISTOGRAMS, EdgeCounter, EdgeHistogram, type Rollup } from './rollup.ts'

/** What a rollup holds, as rows of the tables `edges`, `red`, `instances`, `notes` and `exemplars`. Counts are deltas. */
export interface DeltaRows {
  edges: EdgeDelta[]
  red: RedDelta[]
  instances: InstanceDelta[]
  notes: NoteDelta[]
  exemplars: ExemplarDelta[]
  ends: EndDelta[]
  viewers: ViewersDelta[]
}

export interface EdgeDelta {
  tenant: string
  /** Minutes since 1970. */
  minute: number
  edgeId: string
  kind: EdgeKind
  source: NodeKey
  target: NodeKey
  operation: string
  /** Estimated where spans say how they were sampled. */
  calls: number
  callsSeen: number
  errors: number
  evidence: Record<Evidence, number>
  client: Buckets
  server: Buckets
  network: Buckets
  queueWait: Buckets
  /** Neutral when nothing was seen for good: the end of the minute and its beginning. */
  firstSeenMs: number
  lastSeenMs: number
}

interface ServedDelta {
  tenant: string
  minute: number
  service: NodeKey
  calls: number
  errors: number
  duration: Buckets
}

export interface RedDelta extends ServedDelta {
  operation: string
  /** OTLP span kind. */
  kind: number
}

export interface InstanceDelta extends ServedDelta {
  resource: BatchResource
  proxy: string
  /** Of its resource, and those at which it was called. */
  addresses: readonly string[]
}

export interface NoteDelta {
  tenant: string
  minute: number
  code: NoteCode
  subject: string
  count: number
}

export interface ExemplarDelta {
  tenant: string
  minute: number
  edgeId: string
  sourceOperation: string
  /** 16 and 8 bytes. */
  traceId: Uint8Array
  spanId: Uint8Array
  durationNs: number
  error: boolean
  startMs: number
}

const MINUTE_MS = 60_000

export function deltaRows(rollup: Rollup, catalogue: Catalogue): DeltaRows {
  const ids = createEdgeIds(catalogue)
  const rows: DeltaRows = {
    edges: [],
    red: redRows(rollup.red, catalogue),
    instances: instanceRows(rollup.instances, catalogue),
    notes: noteRows(rollup.notes, catalogue),
    exemplars: [],
    ends: endRows(rollup, catalogue, ids),
    viewers: viewerRows(rollup, catalogue, ids),
  }
  const { cells } = rollup.edges
  for (let cell = 0; cell < cells.size; cell++) {
    const edge = edgeRow(rollup, catalogue, cell, ids)
    if (!isEmpty(edge, rollup, cell)) rows.edges.push(edge)
    addExemplars(rows.exemplars, rollup, catalogue, { cell, edge })
  }
  return rows
}

function edgeRow(rollup: Rollup, catalogue: Catalogue, cell: number, ids: EdgeIds): EdgeDelta {
  const { edges, exemplars } = rollup
  const [edge, minute] = [edges.cells.keys[cell * 3]!, edges.cells.keys[cell * 3 + 1]!]
  const [source, target, detail] = [catalogue.edges.keys[edge * 3]!, catalogue.edges.keys[edge * 3 + 1]!, catalogue.edges.keys[edge * 3 + 2]!]
  const kind = EDGE_KINDS[detail % EDGE_KINDS.length]!
  const at = cell * edges.width
  const evidence = Object.fromEntries(EVIDENCE.map((name, i) => [name, edges.counters[at + EdgeCounter.evidence + i]!])) as Record<Evidence, number>
  const histogram = (which: number): Buckets => histogramEntries(edges.histograms, cell * EDGE_HISTOGRAMS + which)
  const seen = exemplars.firstMs[cell]! <= exemplars.lastMs[cell]!
  return {
    tenant: tenantOfNode(catalogue, target),
    minute,
    edgeId: ids(edge),
    kind,
    source: catalogue.nodeKey[source]!,
    target: catalogue.nodeKey[target]!,
    operation: textOf(catalogue.texts, Math.floor(detail / EDGE_KINDS.length)),
    calls: edges.counters[at + EdgeCounter.calls]!,
    callsSeen: edges.counters[at + EdgeCounter.callsSeen]!,
    errors: edges.counters[at + EdgeCounter.errors]!,
    evidence,
    client: histogram(EdgeHistogram.client),
    server: histogram(EdgeHistogram.server),
    network: histogram(EdgeHistogram.network),
    queueWait: histogram(EdgeHistogram.queueWait),
    firstSeenMs: seen ? exemplars.firstMs[cell]! : (minute + 1) * MINUTE_MS - 1,
    lastSeenMs: seen ? exemplars.lastMs[cell]! : minute * MINUTE_MS,
  }
}

/** Counted and taken back since the last time: nothing to say. */
function isEmpty(edge: EdgeDelta, rollup: Rollup, cell: number): boolean {
  if (edge.calls !== 0 || edge.callsSeen !== 0 || edge.errors !== 0 || rollup.exemplars.firstMs[cell]! <= rollup.exemplars.lastMs[cell]!) return false
  if (Object.values(edge.evidence).some((count) => count !== 0)) return false
  return edge.client.length + edge.server.length + edge.network.length + edge.queueWait.length === 0
}

function addExemplars(rows: ExemplarDelta[], rollup: Rollup, catalogue: Catalogue, of: { cell: number; edge: EdgeDelta }): void {
  const { durationNs, startMs, words } = rollup.exemplars
  const first = of.cell * EXEMPLARS_PER_CELL
  for (let exemplar = first; exemplar < first + EXEMPLARS_PER_CELL; exemplar++) {
    const at = exemplar * EXEMPLAR_WORDS
    if (durationNs[exemplar]! < 0 || (exemplar > first && sameWords(words, at, first * EXEMPLAR_WORDS))) continue
    const ids = new Uint8Array(words.slice(at, at + 6).buffer)
    const operation = words[at + 6]!
    rows.push({
      tenant: of.edge.tenant,
      minute: of.edge.minute,
      edgeId: of.edge.edgeId,
      sourceOperation: operation < 0 ? '' : textOf(catalogue.texts, operation),
      traceId: ids.subarray(0, 16),
      spanId: ids.subarray(16),
      durationNs: durationNs[exemplar]!,
      error: words[at + 7] === 1,
      startMs: startMs[exemplar]!,
    })
  }
}

function sameWords(words: Int32Array, a: number, b: number): boolean {
  for (let i = 0; i < EXEMPLAR_WORDS; i++) if (words[a + i] !== words[b + i]) return false
  return true
}

function redRows(red: Accumulator, catalogue: Catalogue): RedDelta[] {
  return Array.from({ length: red.cells.size }, (_, cell) => {
    const series = red.cells.keys[cell * 3]! * 3
    const { keys } = catalogue.series
    return { ...served(red, catalogue, cell, keys[series]!), operation: textOf(catalogue.texts, keys[series + 1]!), kind: keys[series + 2]! }
  })
}

function instanceRows(instances: Accumulator, catalogue: Catalogue): InstanceDelta[] {
  return Array.from({ length: instances.cells.size }, (_, cell) => {
    const instance = instances.cells.keys[cell * 3]!
    return {
      ...served(instances, catalogue, cell, catalogue.instanceService[instance]!),
      resource: catalogue.instanceResource[instance]!,
      addresses: [...new Set([...catalogue.instanceResource[instance]!.addresses, ...catalogue.instanceAddresses[instance]!])],
      proxy: catalogue.instanceProxy[instance]!,
    }
  })
}

function served(accumulator: Accumulator, catalogue: Catalogue, cell: number, service: number): ServedDelta {
  return {
    tenant: tenantOfNode(catalogue, service),
    minute: accumulator.cells.keys[cell * 3 + 1]!,
    service: catalogue.nodeKey[service]!,
    calls: accumulator.counters[cell * accumulator.width + CallCounter.calls]!,
    errors: accumulator.counters[cell * accumulator.width + CallCounter.errors]!,
    duration: histogramEntries(accumulator.histograms, cell),
  }
}

function noteRows(notes: Accumulator, catalogue: Catalogue): NoteDelta[] {
  const rows: NoteDelta[] = []
  for (let cell = 0; cell < notes.cells.size; cell++) {
    const note = notes.cells.keys[cell * 3]! * 3
    const count = notes.counters[cell]!
    if (count === 0) continue
    const { keys } = catalogue.notes
    rows.push({
      tenant: catalogue.tenants.list[keys[note]!]!,
      minute: notes.cells.keys[cell * 3 + 1]!,
      code: NOTES[keys[note + 1]!]!,
      subject: textOf(catalogue.texts, keys[note + 2]!),
      count,
    })
  }
  return rows
}
