const LC = 'LowCardinality(String)'

/** Columns of the tables of logs, as `TABLES` has them. */
export const LOG_TABLES = {
  /**
   * One row a line. `seq` tells lines of one time apart: 8 bits partition, 36 offset, 20 place in its envelope. `received`: log time of the partition
   * at its envelope, so it never falls in a partition. `pattern` 0 and `trace_id` zeros = none.
   */
  logs: {
    day: 'bucket',
    marker: 'body',
    columns: {
      tenant: LC,
      bucket: 'DateTime',
      ts: 'DateTime64(9)',
      seq: 'UInt64',
      received: 'DateTime64(3)',
      severity: 'UInt8',
      severity_text: LC,
      service: LC,
      resource_fp: 'UInt64',
      scope: LC,
      trace_id: 'FixedString(16)',
      span_id: 'FixedString(8)',
      pattern: 'UInt64',
      body: 'String',
      body_kind: 'UInt8',
      items: `Array(${LC})`,
      rest: 'String',
    },
  },
  /** Lines and bytes of their bodies; `severity` is a class of `schemas/src/severity.ts`. */
  log_minutes: {
    day: 'minute',
    marker: 'service',
    columns: {
      tenant: LC,
      minute: 'DateTime',
      environment: LC,
      cluster: LC,
      namespace: LC,
      service: LC,
      severity: LC,
      pattern: 'UInt64',
      lines: 'UInt64',
      bytes: 'UInt64',
    },
  },
  /** Templates of lines, told when made, when widened and once a day of use: the newest row of (partition, tenant, service, number) counts. */
  log_patterns: {
    day: 'day',
    marker: 'template',
    columns: {
      tenant: LC,
      day: 'Date',
      partition: 'UInt16',
      position: 'UInt64',
      service: LC,
      number: 'UInt32',
      pattern: 'UInt64',
      template: 'String',
      first_seen: 'DateTime64(3)',
    },
  },
  /** Lines that rules on logs did not let through, and bytes of their bodies, by minute of the line; reasons are `DROP_REASONS` of `schemas/src/api/log-rules.ts`. */
  log_drops: {
    day: 'minute',
    marker: 'rule',
    columns: { tenant: LC, minute: 'DateTime', rule: LC, version: 'UInt32', reason: LC, service: LC, lines: 'UInt64', bytes: 'UInt64' },
  },
  /**
   * What lines count for metrics, by minute of the line and by what the definition tells apart: `key_1`, `key_2` are fields, '' = none. `lines`: all that
   * counted, `missing` and `no_number` of them have no number; `folded`: those that stand under `other`. The sum of the numbers is `whole` + `nano` / 10^9,
   * in whole numbers, so that it is the same in whatever order it is made; `least` > `most` where there is none. `buckets`: of `schemas/src/value-histogram.ts`.
   */
  log_metrics: {
    day: 'minute',
    marker: 'metric',
    columns: {
      tenant: LC,
      metric: LC,
      minute: 'DateTime',
      rule: LC,
      version: 'UInt32',
      aggregation: LC,
      service: LC,
      environment: LC,
      key_1: LC,
      value_1: LC,
      key_2: LC,
      value_2: LC,
      lines: 'UInt64',
      folded: 'UInt64',
      missing: 'UInt64',
      no_number: 'UInt64',
      whole: 'Int64',
      nano: 'Int64',
      least: 'Float64',
      most: 'Float64',
      buckets: 'Map(Int16, Int64)',
    },
  },
} as const
