const LC = 'LowCardinality(String)'
const HISTOGRAM = 'Map(Int16, Int64)'

const NODE_COLUMNS = (side: 'source' | 'target') => ({
  [`${side}_kind`]: LC,
  [`${side}_environment`]: LC,
  [`${side}_cluster`]: LC,
  [`${side}_namespace`]: LC,
  [`${side}_name`]: LC,
})

/** Columns of the tables of calls and links between spans, as `TABLES` has them. */
export const EDGE_TABLES = {
  edges: {
    day: 'minute',
    marker: 'operation',
    columns: {
      tenant: LC,
      minute: 'DateTime',
      edge_id: 'UInt64',
      kind: LC,
      ...NODE_COLUMNS('source'),
      ...NODE_COLUMNS('target'),
      operation: LC,
      calls: 'Int64',
      calls_seen: 'Int64',
      errors: 'Int64',
      paired: 'Int64',
      client_only: 'Int64',
      server_only: 'Int64',
      parent_child: 'Int64',
      topic: 'Int64',
      link: 'Int64',
      log: 'Int64',
      client: HISTOGRAM,
      server: HISTOGRAM,
      network: HISTOGRAM,
      queue_wait: HISTOGRAM,
      first_seen: 'DateTime64(3)',
      last_seen: 'DateTime64(3)',
    },
  },
  exemplars: {
    day: 'minute',
    marker: 'source_operation',
    columns: {
      tenant: LC,
      minute: 'DateTime',
      edge_id: 'UInt64',
      source_operation: LC,
      trace_id: 'FixedString(16)',
      span_id: 'FixedString(8)',
      duration: 'UInt64',
      transit: 'UInt64',
      error: 'UInt8',
      ts: 'DateTime64(3)',
    },
  },
  edge_instances: {
    day: 'minute',
    marker: 'instance',
    columns: { tenant: LC, minute: 'DateTime', edge_id: 'UInt64', side: LC, instance: LC, calls: 'Int64', errors: 'Int64', duration: HISTOGRAM },
  },
  edge_viewers: {
    day: 'minute',
    marker: 'marker',
    columns: { tenant: LC, minute: 'DateTime', step: 'UInt16', edge_id: 'UInt64', marker: LC, viewers: 'Array(UInt64)' },
  },
  notes: {
    day: 'minute',
    marker: 'subject',
    columns: { tenant: LC, minute: 'DateTime', code: LC, subject: LC, count: 'Int64' },
  },
  span_links: {
    day: 'bucket',
    marker: 'name',
    columns: {
      tenant: LC,
      linked_trace: 'FixedString(16)',
      linked_span: 'FixedString(8)',
      bucket: 'DateTime',
      ts: 'DateTime64(9)',
      trace_id: 'FixedString(16)',
      span_id: 'FixedString(8)',
      name: LC,
      service: LC,
      late: 'UInt32',
    },
  },
} as const
