import { EDGE_TABLES } from './edge-tables.ts'
import { LOG_TABLES } from './log-tables.ts'

/**
 * Every table's columns, once: the encoder writes them in this order, migrations are checked against them, readers name them from here.
 * `day` names the column whose date is the table's partition; `marker` the text column that carries a range's token in the
 * reserved row of tenant ''.
 */
export interface TableDefinition {
  readonly day: string
  readonly marker: string
  /** Column → ClickHouse type as declared in an inserted block. */
  readonly columns: Readonly<Record<string, string>>
}

const LC = 'LowCardinality(String)'
const HISTOGRAM = 'Map(Int16, Int64)'

export const TABLES = {
  spans: {
    day: 'bucket',
    marker: 'message',
    columns: {
      tenant: LC,
      bucket: 'DateTime',
      ts: 'DateTime64(9)',
      trace_id: 'FixedString(16)',
      span_id: 'FixedString(8)',
      parent_lo: 'UInt32',
      parent_hi: 'UInt32',
      name: LC,
      service: LC,
      scope: LC,
      kind: 'UInt8',
      status: 'UInt8',
      message: 'String',
      duration: 'UInt64',
      resource_fp: 'UInt64',
      events: 'String',
      links: 'String',
      items: `Array(${LC})`,
      rest: 'String',
      late: 'UInt32',
      weight: 'UInt32',
    },
  },
  resources: {
    day: 'day',
    marker: 'attributes',
    columns: { tenant: LC, day: 'Date', fp: 'UInt64', attributes: 'String' },
  },
  traces: {
    day: 'bucket',
    marker: 'root_operation',
    columns: {
      tenant: LC,
      bucket: 'DateTime',
      trace_id: 'FixedString(16)',
      start_ns: 'UInt64',
      end_ns: 'UInt64',
      spans: 'UInt32',
      errors: 'UInt32',
      has_root: 'UInt8',
      root_service: LC,
      root_operation: 'String',
      services: `Array(${LC})`,
    },
  },
  trace_services: {
    day: 'bucket',
    marker: 'service',
    columns: { tenant: LC, service: LC, bucket: 'DateTime', trace_id: 'FixedString(16)', error: 'UInt8' },
  },
  red: {
    day: 'minute',
    marker: 'operation',
    columns: {
      tenant: LC,
      minute: 'DateTime',
      environment: LC,
      cluster: LC,
      namespace: LC,
      service: LC,
      operation: LC,
      kind: 'UInt8',
      calls: 'Int64',
      errors: 'Int64',
      duration: HISTOGRAM,
    },
  },
  instances: {
    day: 'minute',
    marker: 'instance',
    columns: {
      tenant: LC,
      minute: 'DateTime',
      environment: LC,
      cluster: LC,
      namespace: LC,
      service: LC,
      instance: LC,
      version: LC,
      addresses: `Array(${LC})`,
      proxy: LC,
      calls: 'Int64',
      errors: 'Int64',
      duration: HISTOGRAM,
    },
  },
  ...EDGE_TABLES,
  scenario_steps: {
    day: 'bucket',
    marker: 'key',
    columns: {
      tenant: LC,
      bucket: 'DateTime',
      scenario: LC,
      version: 'UInt32',
      key_hash: 'UInt64',
      key: 'String',
      ts: 'DateTime64(9)',
      step: 'UInt8',
      error: 'UInt8',
      duration: 'UInt64',
      trace_id: 'FixedString(16)',
      span_id: 'FixedString(8)',
    },
  },
  path_time: {
    day: 'minute',
    marker: 'item',
    columns: {
      tenant: LC,
      minute: 'DateTime',
      what: 'UInt8',
      entry: LC,
      release: LC,
      band: 'Int16',
      item: LC,
      traces: 'Int64',
      count: 'Int64',
      time: 'Int64',
      errors: 'Int64',
      retries: 'Int64',
      saving: 'Int64',
      duration: HISTOGRAM,
      slowest: 'String',
    },
  },
  ...LOG_TABLES,
  outcomes: {
    day: 'minute',
    marker: 'reason',
    columns: { tenant: LC, minute: 'DateTime', signal: LC, key_id: LC, kind: LC, reason: LC, requests: 'UInt64', records: 'UInt64', bytes: 'UInt64' },
  },
  /** Changes somebody told of. They do not come from the log: `events.post` inserts each as a range of its own. */
  events: {
    day: 'time',
    marker: 'id',
    columns: {
      tenant: LC,
      time: 'DateTime64(3)',
      id: 'String',
      kind: LC,
      title: 'String',
      environment: LC,
      cluster: LC,
      namespace: LC,
      service: LC,
      from_version: LC,
      to_version: LC,
      link: 'String',
      attributes: 'String',
    },
  },
  /** One row per (range, partition, tenant), written after all other tables of the range. */
  ranges: {
    day: 'received',
    marker: 'range',
    columns: {
      tenant: LC,
      received: 'DateTime64(3)',
      range: 'String',
      topic: LC,
      partition: 'UInt16',
      first: 'UInt64',
      last: 'UInt64',
      records: 'UInt64',
      visible: 'UInt64',
      repeats: 'UInt64',
      dead: 'UInt64',
      bytes: 'UInt64',
      newest_ns: 'UInt64',
      batch_ids: 'Array(FixedString(18))',
      log_files: 'Array(UInt64)',
      log_offsets: 'Array(UInt64)',
    },
  },
} as const satisfies Record<string, TableDefinition>
export type TableName = keyof typeof TABLES

/** Rollups first, rows after, `ranges` last: what a range is inserted in. */
export const INSERT_ORDER: readonly TableName[] = [
  'edges',
  'red',
  'instances',
  'notes',
  'exemplars',
  'edge_instances',
  'edge_viewers',
  'path_time',
  'log_minutes',
  'log_patterns',
  'log_drops',
  'log_metrics',
  'resources',
  'traces',
  'trace_services',
  'spans',
  'span_links',
  'scenario_steps',
  'logs',
  'outcomes',
  'events',
  'ranges',
]
