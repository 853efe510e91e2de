import type { NodeKey, NoteCode } from '@skein/schemas/topology'
import type { BatchResource } from '../decode/span-batch.ts'
import type { Accumulator } from './accumulator.ts'
import { type Catalogue, NOTES } from './catalogue.ts'
import { createEdgeIds, tenantOfNode } from './edge-ids.ts'
import { type EndDelta, endRows, type ViewersDelta, viewerRows } from './edge-end-rows.ts'
import { type Buckets, histogramEntries } from './histogram-table.ts'
import { textOf } from './intern.ts'
import { CallCounter, type Rollup } from './rollup.ts'

/** What a rollup holds, as rows of the tables of which a range has few. Counts are deltas. */
export interface DeltaRows {
  red: RedDelta[]
  instances: InstanceDelta[]
  notes: NoteDelta[]
  ends: EndDelta[]
  viewers: ViewersDelta[]
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

export function deltaRows(rollup: Rollup, catalogue: Catalogue): DeltaRows {
  const ids = createEdgeIds(catalogue)
  return {
    red: redRows(rollup.red, catalogue),
    instances: instanceRows(rollup.instances, catalogue),
    notes: noteRows(rollup.notes, catalogue),
    ends: endRows(rollup, catalogue, ids),
    viewers: viewerRows(rollup, catalogue, ids),
  }
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
