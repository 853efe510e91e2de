-- What lines count for metrics that rules make, by minute of the line. The marker column (metric) is part of the sorting key. A metric lies together,
-- since it is asked for alone. Sums are whole numbers (whole + nano / 10^9), so that no order of adding and merging changes them.

CREATE TABLE IF NOT EXISTS log_metrics (
  tenant      LowCardinality(String)                                      CODEC(ZSTD(1)),
  metric      LowCardinality(String)                                      CODEC(ZSTD(1)),
  minute      DateTime                                                    CODEC(Delta(4), ZSTD(1)),
  rule        LowCardinality(String)                                      CODEC(ZSTD(1)),
  version     UInt32                                                      CODEC(ZSTD(1)),
  aggregation LowCardinality(String)                                      CODEC(ZSTD(1)),
  service     LowCardinality(String)                                      CODEC(ZSTD(1)),
  environment LowCardinality(String)                                      CODEC(ZSTD(1)),
  key_1       LowCardinality(String)                                      CODEC(ZSTD(1)),
  value_1     LowCardinality(String)                                      CODEC(ZSTD(1)),
  key_2       LowCardinality(String)                                      CODEC(ZSTD(1)),
  value_2     LowCardinality(String)                                      CODEC(ZSTD(1)),
  lines       SimpleAggregateFunction(sum, UInt64)                        CODEC(T64, ZSTD(1)),
  folded      SimpleAggregateFunction(sum, UInt64)                        CODEC(T64, ZSTD(1)),
  missing     SimpleAggregateFunction(sum, UInt64)                        CODEC(T64, ZSTD(1)),
  no_number   SimpleAggregateFunction(sum, UInt64)                        CODEC(T64, ZSTD(1)),
  whole       SimpleAggregateFunction(sum, Int64)                         CODEC(T64, ZSTD(1)),
  nano        SimpleAggregateFunction(sum, Int64)                         CODEC(T64, ZSTD(1)),
  least       SimpleAggregateFunction(min, Float64)                       CODEC(ZSTD(1)),
  most        SimpleAggregateFunction(max, Float64)                       CODEC(ZSTD(1)),
  buckets     SimpleAggregateFunction(sumMap, Map(Int16, Int64))          CODEC(ZSTD(1))
) ENGINE = AggregatingMergeTree
PARTITION BY toDate(minute, 'UTC')
ORDER BY (tenant, metric, minute, rule, version, aggregation, service, environment, key_1, value_1, key_2, value_2)
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, old_parts_lifetime = 10,
  min_age_to_force_merge_seconds = 15, min_age_to_force_merge_on_partition_only = 1, max_merge_selecting_sleep_ms = 5000,
  cleanup_delay_period = 10, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 20,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;
