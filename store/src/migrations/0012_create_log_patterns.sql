-- Templates of log lines, as ingest's trees make them: partition and number name a template of a service, position is the offset in the log of what
-- made or widened it. What lies before a position makes the trees again as they were there.

CREATE TABLE IF NOT EXISTS log_patterns (
  tenant     LowCardinality(String) CODEC(ZSTD(1)),
  day        Date                   CODEC(ZSTD(1)),
  partition  UInt16                 CODEC(ZSTD(1)),
  position   UInt64                 CODEC(ZSTD(1)),
  service    LowCardinality(String) CODEC(ZSTD(1)),
  number     UInt32                 CODEC(ZSTD(1)),
  pattern    UInt64                 CODEC(ZSTD(1)),
  template   String                 CODEC(ZSTD(1)),
  first_seen DateTime64(3)          CODEC(ZSTD(1))
) ENGINE = MergeTree
PARTITION BY day
ORDER BY (tenant, service, partition, number, position)
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, old_parts_lifetime = 10,
  min_age_to_force_merge_seconds = 15, min_age_to_force_merge_on_partition_only = 1, max_merge_selecting_sleep_ms = 5000,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;
