-- Lines that rules did not let through, by minute of the line. The marker column (rule) is part of the sorting key.

CREATE TABLE IF NOT EXISTS log_drops (
  tenant  LowCardinality(String)               CODEC(ZSTD(1)),
  minute  DateTime                             CODEC(Delta(4), ZSTD(1)),
  rule    LowCardinality(String)               CODEC(ZSTD(1)),
  version UInt32                               CODEC(ZSTD(1)),
  reason  LowCardinality(String)               CODEC(ZSTD(1)),
  service LowCardinality(String)               CODEC(ZSTD(1)),
  lines   SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  bytes   SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1))
) ENGINE = AggregatingMergeTree
PARTITION BY toDate(minute, 'UTC')
ORDER BY (tenant, minute, rule, version, reason, service)
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, old_parts_lifetime = 10,
  min_age_to_force_merge_seconds = 15, min_age_to_force_merge_on_partition_only = 1, max_merge_selecting_sleep_ms = 5000,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;
