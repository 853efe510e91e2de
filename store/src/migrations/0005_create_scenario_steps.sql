-- Records that are a step of a scenario, one row a record and step. Keys lie in the order of their hash, so that one key in n is one row in n.
-- The marker rows of tenant '' (one per range and day) lie in the same parts.

CREATE TABLE IF NOT EXISTS scenario_steps (
  tenant   LowCardinality(String) CODEC(ZSTD(1)),
  bucket   DateTime               CODEC(Delta(4), ZSTD(1)),
  scenario LowCardinality(String) CODEC(ZSTD(1)),
  version  UInt32                 CODEC(ZSTD(1)),
  key_hash UInt64                 CODEC(ZSTD(1)),
  key      String                 CODEC(ZSTD(1)),
  ts       DateTime64(9)          CODEC(Delta(8), ZSTD(1)),
  step     UInt8                  CODEC(ZSTD(1)),
  error    UInt8                  CODEC(ZSTD(1)),
  duration UInt64                 CODEC(T64, ZSTD(1)),
  trace_id FixedString(16)        CODEC(ZSTD(1)),
  span_id  FixedString(8)         CODEC(NONE)
) ENGINE = MergeTree
PARTITION BY toDate(bucket, 'UTC')
ORDER BY (tenant, scenario, version, key_hash, ts)
SETTINGS index_granularity = 1024, merge_selector_base = 20, ttl_only_drop_parts = 1, old_parts_lifetime = 30,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;
