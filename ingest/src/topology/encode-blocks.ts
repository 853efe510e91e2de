import { EVIDENCE, type NodeKey } from '@skein/schemas/topology'
import { createNativeBlock, type NativeBlock } from '@skein/store/native/block'
import { TABLES, type TableName } from '@skein/store/tables'
import type { EndDelta, ViewersDelta } from './edge-end-rows.ts'
import type { Buckets } from './histogram-table.ts'
import type { DeltaRows, EdgeDelta, ExemplarDelta, InstanceDelta, NoteDelta, RedDelta } from './delta-rows.ts'

export interface DeltaBlock {
  table: TableName
  block: Uint8Array
  rows: number
  /** Unix day numbers (UTC) of the rows' minutes. */
  days: number[]
}

const MINUTES_PER_DAY = 1440

/** Delta rows as Native blocks, one for each table that has rows, in the order in which a range is inserted. */
export function encodeDeltas(rows: DeltaRows): DeltaBlock[] {
  return [
    ...encode('edges', rows.edges, edgeColumns),
    ...encode('red', rows.red, redColumns),
    ...encode('instances', rows.instances, instanceColumns),
    ...encode('notes', rows.notes, noteColumns),
    ...encode('exemplars', rows.exemplars, exemplarColumns),
    ...encode('edge_instances', rows.ends, endColumns),
    ...encode('edge_viewers', rows.viewers, viewersColumns),
  ]
}

function encode<Row extends { tenant: string; minute: number }>(table: TableName, rows: Row[], columns: (write: Columns<Row>) => void): DeltaBlock[] {
  if (rows.length === 0) return []
  const block = createNativeBlock(TABLES[table].columns, rows.length)
  columns(createColumns(block, rows))
  const days = [...new Set(rows.map((row) => Math.floor(row.minute / MINUTES_PER_DAY)))]
  return [{ table, block: block.finish(), rows: rows.length, days }]
}

function edgeColumns(write: Columns<EdgeDelta>): void {
  write.text('tenant', (row) => row.tenant)
  write.minute()
  write.bytes('edge_id', 8, (row) => Buffer.from(row.edgeId, 'hex').reverse())
  write.text('kind', (row) => row.kind)
  nodeColumns(write, 'source', (row) => row.source)
  nodeColumns(write, 'target', (row) => row.target)
  write.text('operation', (row) => row.operation)
  write.integer('calls', (row) => row.calls)
  write.integer('calls_seen', (row) => row.callsSeen)
  write.integer('errors', (row) => row.errors)
  for (const evidence of EVIDENCE) write.integer(snakeCase(evidence), (row) => row.evidence[evidence])
  write.buckets('client', (row) => row.client)
  write.buckets('server', (row) => row.server)
  write.buckets('network', (row) => row.network)
  write.buckets('queue_wait', (row) => row.queueWait)
  write.integer('first_seen', (row) => Math.floor(row.firstSeenMs))
  write.integer('last_seen', (row) => Math.floor(row.lastSeenMs))
}

function redColumns(write: Columns<RedDelta>): void {
  serviceColumns(write)
  write.text('operation', (row) => row.operation)
  write.bytes('kind', 1, (row) => [row.kind])
  servedColumns(write)
}

function instanceColumns(write: Columns<InstanceDelta>): void {
  serviceColumns(write)
  write.text('instance', (row) => row.resource.instance)
  write.text('version', (row) => row.resource.version)
  write.textArrays('addresses', (row) => row.addresses)
  write.text('proxy', (row) => row.proxy)
  servedColumns(write)
}

function noteColumns(write: Columns<NoteDelta>): void {
  write.text('tenant', (row) => row.tenant)
  write.minute()
  write.text('code', (row) => row.code)
  write.text('subject', (row) => row.subject)
  write.integer('count', (row) => row.count)
}

function exemplarColumns(write: Columns<ExemplarDelta>): void {
  write.text('tenant', (row) => row.tenant)
  write.minute()
  write.bytes('edge_id', 8, (row) => Buffer.from(row.edgeId, 'hex').reverse())
  write.text('source_operation', (row) => row.sourceOperation)
  write.bytes('trace_id', 16, (row) => row.traceId)
  write.bytes('span_id', 8, (row) => row.spanId)
  write.integer('duration', (row) => row.durationNs)
  write.bytes('error', 1, (row) => [row.error ? 1 : 0])
  write.integer('ts', (row) => Math.floor(row.startMs))
}

function endColumns(write: Columns<EndDelta>): void {
  write.text('tenant', (row) => row.tenant)
  write.minute()
  write.bytes('edge_id', 8, (row) => Buffer.from(row.edgeId, 'hex').reverse())
  write.text('side', (row) => row.side)
  write.text('instance', (row) => row.instance)
  write.integer('calls', (row) => row.calls)
  write.integer('errors', (row) => row.errors)
  write.buckets('duration', (row) => row.duration)
}

function viewersColumns(write: Columns<ViewersDelta>): void {
  write.text('tenant', (row) => row.tenant)
  write.minute()
  write.bytes('step', 2, (row) => [row.stepSeconds & 0xff, row.stepSeconds >> 8])
  write.bytes('edge_id', 8, (row) => Buffer.from(row.edgeId, 'hex').reverse())
  write.text('marker', () => '')
  write.wideArrays('viewers', 8, (row) => row.viewers)
}

function serviceColumns(write: Columns<RedDelta> | Columns<InstanceDelta>): void {
  write.text('tenant', (row) => row.tenant)
  write.minute()
  write.text('environment', (row) => row.service.environment)
  write.text('cluster', (row) => row.service.cluster)
  write.text('namespace', (row) => row.service.namespace)
  write.text('service', (row) => row.service.name)
}

function servedColumns(write: Columns<RedDelta> | Columns<InstanceDelta>): void {
  write.integer('calls', (row) => row.calls)
  write.integer('errors', (row) => row.errors)
  write.buckets('duration', (row) => row.duration)
}

function nodeColumns(write: Columns<EdgeDelta>, side: 'source' | 'target', nodeOf: (row: EdgeDelta) => NodeKey): void {
  write.text(`${side}_kind`, (row) => nodeOf(row).kind)
  write.text(`${side}_environment`, (row) => nodeOf(row).environment)
  write.text(`${side}_cluster`, (row) => nodeOf(row).cluster)
  write.text(`${side}_namespace`, (row) => nodeOf(row).namespace)
  write.text(`${side}_name`, (row) => nodeOf(row).name)
}

/** Writes one column of all rows. */
interface Columns<Row> {
  text(column: string, value: (row: Row) => string): void
  textArrays(column: string, value: (row: Row) => readonly string[]): void
  integer(column: string, value: (row: Row) => number): void
  bytes(column: string, width: number, value: (row: Row) => ArrayLike<number>): void
  /** Elements of a fixed width. */
  wideArrays(column: string, width: number, value: (row: Row) => Uint8Array): void
  buckets(column: string, value: (row: Row) => Buckets): void
  minute(): void
}

function createColumns<Row extends { minute: number }>(block: NativeBlock, rows: readonly Row[]): Columns<Row> {
  return {
    text(column, value) {
      const { dictionary, indexes } = dictionaryOf(rows.map(value))
      block.lowCardinality(column, dictionary, indexes)
    },
    textArrays(column, value) {
      const lists = rows.map(value)
      const { dictionary, indexes } = dictionaryOf(lists.flat())
      block.lowCardinalityArrays(column, ends(lists), dictionary, indexes)
    },
    integer: (column, value) => block.integers(column, rows.map(value)),
    bytes(column, width, value) {
      const bytes = new Uint8Array(rows.length * width)
      let at = 0
      for (const row of rows) {
        const given = value(row)
        for (let i = 0; i < width; i++) bytes[at++] = given[i]!
      }
      block.fixed(column, bytes)
    },
    wideArrays(column, width, value) {
      const lists = rows.map(value)
      let end = 0
      block.fixedArrays(
        column,
        Uint32Array.from(lists, (list) => (end += list.length / width)),
        Buffer.concat(lists),
      )
    },
    buckets(column, value) {
      const lists = rows.map(value)
      const offsets = ends(lists)
      const entries = offsets.at(-1) ?? 0
      const keys = new Int16Array(entries)
      const counts = new Float64Array(entries)
      let at = 0
      for (const list of lists) {
        for (const entry of list) {
          keys[at] = entry[0]
          counts[at++] = entry[1]
        }
      }
      block.maps(column, offsets, keys, counts)
    },
    minute: () =>
      block.fixed(
        'minute',
        Uint32Array.from(rows, (row) => row.minute * 60),
      ),
  }
}

function dictionaryOf(values: readonly string[]): { dictionary: string[]; indexes: Uint32Array } {
  const ids = new Map<string, number>()
  const indexes = Uint32Array.from(values, (value) => {
    const id = ids.get(value) ?? ids.size
    ids.set(value, id)
    return id
  })
  return { dictionary: [...ids.keys()], indexes }
}

function ends(lists: readonly { length: number }[]): Uint32Array {
  let end = 0
  return Uint32Array.from(lists, (list) => (end += list.length))
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
