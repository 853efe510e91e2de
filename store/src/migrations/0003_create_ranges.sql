-- What was inserted: one row per (range, partition, tenant), written after all other tables of the range.

CREATE TABLE IF NOT EXISTS ranges (
  tenant    LowCardinality(String) CODEC(ZSTD(1)),
  received  DateTime64(3)          CODEC(Delta(8), ZSTD(1)),
  range     String                 CODEC(ZSTD(1)),
  topic     LowCardinality(String) CODEC(ZSTD(1)),
  partition UInt16                 CODEC(ZSTD(1)),
  first     UInt64                 CODEC(T64, ZSTD(1)),
  last      UInt64                 CODEC(T64, ZSTD(1)),
  records   UInt64                 CODEC(T64, ZSTD(1)),
  visible   UInt64                 CODEC(T64, ZSTD(1)),
  repeats   UInt64                 CODEC(T64, ZSTD(1)),
  dead      UInt64                 CODEC(T64, ZSTD(1)),
  bytes     UInt64                 CODEC(T64, ZSTD(1)),
  newest_ns UInt64                 CODEC(T64, ZSTD(1)),
  batch_ids Array(FixedString(18)) CODEC(ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toDate(received, 'UTC')
ORDER BY (tenant, topic, partition, received)
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, old_parts_lifetime = 30,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;
