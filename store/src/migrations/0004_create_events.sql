-- Changes that somebody told of: few rows, found by time or by id.

CREATE TABLE IF NOT EXISTS events (
  tenant       LowCardinality(String) CODEC(ZSTD(1)),
  time         DateTime64(3)          CODEC(Delta(8), ZSTD(1)),
  id           String                 CODEC(ZSTD(1)),
  kind         LowCardinality(String) CODEC(ZSTD(1)),
  title        String                 CODEC(ZSTD(1)),
  environment  LowCardinality(String) CODEC(ZSTD(1)),
  cluster      LowCardinality(String) CODEC(ZSTD(1)),
  namespace    LowCardinality(String) CODEC(ZSTD(1)),
  service      LowCardinality(String) CODEC(ZSTD(1)),
  from_version LowCardinality(String) CODEC(ZSTD(1)),
  to_version   LowCardinality(String) CODEC(ZSTD(1)),
  link         String                 CODEC(ZSTD(1)),
  attributes   String                 CODEC(ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toDate(time, 'UTC')
ORDER BY (tenant, time, id)
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, old_parts_lifetime = 30,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;
