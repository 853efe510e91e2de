import { type Columns, encodeRows } from '../rows/encode-rows.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'
import type { EndDelta, ViewersDelta } from './edge-end-rows.ts'
import type { DeltaRows, InstanceDelta, NoteDelta, RedDelta } from './delta-rows.ts'

/** Delta rows as Native blocks, one for each table that has rows. */
export function encodeDeltas(rows: DeltaRows): BuiltBlock[] {
  return [
    ...encodeRows('red', rows.red, redColumns),
    ...encodeRows('instances', rows.instances, instanceColumns),
    ...encodeRows('notes', rows.notes, noteColumns),
    ...encodeRows('edge_instances', rows.ends, endColumns),
    ...encodeRows('edge_viewers', rows.viewers, viewersColumns),
  ]
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
