import type { TraceSpan } from '@skein/schemas/api/traces'
import { entryOf } from './entry.ts'
import type { RowWait, SpanRow } from './span-row.ts'
import type { TraceModel } from './trace-model.ts'
import { buildPath, type PathSection } from './trace-path.ts'

/** A trace model by column, cheap to hand from a worker to a page: 50,000 rows as buffers and few texts. */
export interface PackedModel {
  keys: string[]
  /** Distinct texts; services and names are places in it. */
  words: string[]
  service: Uint32Array<ArrayBuffer>
  name: Uint32Array<ArrayBuffer>
  /** Places in `KINDS` and `STATUSES`; `MISSING` for a parent that was never received. */
  kind: Uint8Array<ArrayBuffer>
  status: Uint8Array<ArrayBuffer>
  depth: Int32Array<ArrayBuffer>
  parent: Int32Array<ArrayBuffer>
  end: Int32Array<ArrayBuffer>
  startNs: Float64Array<ArrayBuffer>
  durationNs: Float64Array<ArrayBuffer>
  /** 1 cut, 2 late, 4 skewed wait; place in `WAITS` times 8. */
  flags: Uint8Array<ArrayBuffer>
  waitBeforeNs: Float64Array<ArrayBuffer>
  waitAfterNs: Float64Array<ArrayBuffer>
  sections: PathSection[]
  rest: Pick<TraceModel, 'originUnixNano' | 'durationNs' | 'duplicates' | 'services' | 'errors' | 'spanCount' | 'resources' | 'doubts'>
}

const KINDS: readonly TraceSpan['kind'][] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']
const STATUSES: readonly TraceSpan['status']['code'][] = ['unset', 'ok', 'error']
const WAITS: readonly (RowWait['kind'] | null)[] = [null, 'network', 'client', 'queue']
const MISSING = 255
const MISSING_KEY = 'missing:'

export function packModel(model: TraceModel): PackedModel {
  const { rows, originUnixNano, durationNs, duplicates, services, errors, spanCount, resources, doubts } = model
  const words = new Map<string, number>()
  const placeOf = (text: string): number => {
    const place = words.get(text) ?? words.size
    words.set(text, place)
    return place
  }
  return {
    keys: rows.map((row) => row.key),
    service: Uint32Array.from(rows, (row) => placeOf(row.span?.service ?? '')),
    name: Uint32Array.from(rows, (row) => placeOf(row.span?.name ?? '')),
    words: [...words.keys()],
    kind: Uint8Array.from(rows, ({ span }) => (span === null ? MISSING : KINDS.indexOf(span.kind))),
    status: Uint8Array.from(rows, ({ span }) => STATUSES.indexOf(span?.status.code ?? 'unset')),
    depth: Int32Array.from(rows, (row) => row.depth),
    parent: Int32Array.from(rows, (row) => row.parent),
    end: Int32Array.from(rows, (row) => row.end),
    startNs: Float64Array.from(rows, (row) => row.startNs),
    durationNs: Float64Array.from(rows, (row) => row.durationNs),
    flags: Uint8Array.from(rows, flagsOf),
    waitBeforeNs: Float64Array.from(rows, (row) => row.wait?.beforeNs ?? 0),
    waitAfterNs: Float64Array.from(rows, (row) => row.wait?.afterNs ?? 0),
    sections: [...model.path.sections],
    rest: { originUnixNano, durationNs, duplicates, services, errors, spanCount, resources, doubts },
  }
}

function flagsOf({ cut, late, wait }: SpanRow): number {
  return (cut ? 1 : 0) | (late ? 2 : 0) | (wait?.skewed === true ? 4 : 0) | (WAITS.indexOf(wait?.kind ?? null) << 3)
}

/** What the page draws, without attributes, events and links. */
export function unpackModel(packed: PackedModel): TraceModel {
  const rows = packed.keys.map((key, index) => rowOf(packed, key, index))
  const { rest } = packed
  return {
    ...rest,
    rows,
    colors: new Map(rest.services.map(({ service, color }) => [service, color])),
    entry: entryOf(rows),
    path: buildPath(rows, packed.sections),
  }
}

function rowOf(packed: PackedModel, key: string, index: number): SpanRow {
  const flags = packed.flags[index] ?? 0
  const missing = packed.kind[index] === MISSING
  return {
    key,
    span: missing ? null : headOf(packed, key, index),
    missingId: missing ? key.slice(MISSING_KEY.length) : '',
    depth: packed.depth[index] ?? 0,
    parent: packed.parent[index] ?? -1,
    end: packed.end[index] ?? index + 1,
    startNs: packed.startNs[index] ?? 0,
    durationNs: packed.durationNs[index] ?? 0,
    cut: (flags & 1) !== 0,
    late: (flags & 2) !== 0,
    wait: waitOf(packed, flags, index),
  }
}

function waitOf({ waitBeforeNs, waitAfterNs }: PackedModel, flags: number, index: number): RowWait | null {
  const kind = WAITS[flags >> 3] ?? null
  if (kind === null) return null
  return { kind, beforeNs: waitBeforeNs[index] ?? 0, afterNs: waitAfterNs[index] ?? 0, skewed: (flags & 4) !== 0 }
}

function headOf(packed: PackedModel, key: string, index: number): SpanRow['span'] {
  return {
    spanId: key.startsWith('#') ? '' : key,
    name: packed.words[packed.name[index] ?? 0] ?? '',
    service: packed.words[packed.service[index] ?? 0] ?? '',
    kind: KINDS[packed.kind[index] ?? 0] ?? 'unspecified',
    status: { code: STATUSES[packed.status[index] ?? 0] ?? 'unset' },
  }
}

/** Buffers of a packed model that may move instead of being copied. */
export function buffersOf(packed: PackedModel): ArrayBuffer[] {
  const { service, name, kind, status, depth, parent, end, startNs, durationNs, flags, waitBeforeNs, waitAfterNs } = packed
  return [service, name, kind, status, depth, parent, end, startNs, durationNs, flags, waitBeforeNs, waitAfterNs].map(({ buffer }) => buffer)
}
