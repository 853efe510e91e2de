-- Log lines, one row a line, in the order of their service and time: what stands side by side is alike, and compresses. (ts, seq) is unique.
-- The marker rows of tenant '' (one per range and day) lie in the same parts.

CREATE TABLE IF NOT EXISTS logs (
  tenant        LowCardinality(String)        CODEC(ZSTD(1)),
  bucket        DateTime                      CODEC(Delta(4), ZSTD(1)),
  ts            DateTime64(9)                 CODEC(Delta(8), ZSTD(1)),
  seq           UInt64                        CODEC(Delta(8), ZSTD(1)),
  received      DateTime64(3)                 CODEC(Delta(8), ZSTD(1)),
  severity      UInt8                         CODEC(ZSTD(1)),
  severity_text LowCardinality(String)        CODEC(ZSTD(1)),
  service       LowCardinality(String)        CODEC(ZSTD(1)),
  resource_fp   UInt64                        CODEC(ZSTD(1)),
  scope         LowCardinality(String)        CODEC(ZSTD(1)),
  trace_id      FixedString(16)               CODEC(ZSTD(1)),
  span_id       FixedString(8)                CODEC(ZSTD(1)),
  pattern       UInt64                        CODEC(ZSTD(1)),
  body          String                        CODEC(ZSTD(1)),
  body_kind     UInt8                         CODEC(ZSTD(1)),
  items         Array(LowCardinality(String)) CODEC(ZSTD(1)),
  rest          String                        CODEC(ZSTD(1)),
  INDEX its ts TYPE minmax GRANULARITY 1,
  INDEX ire received TYPE minmax GRANULARITY 1,
  INDEX ib translate(lower(body), '_.:''', '    ') TYPE text(tokenizer = 'asciiCJK'),
  INDEX ii items TYPE bloom_filter(0.01) GRANULARITY 8,
  INDEX ir splitByChar('\x1e', rest) TYPE bloom_filter(0.001) GRANULARITY 8,
  INDEX it trace_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX ip pattern TYPE bloom_filter(0.01) GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY toDate(bucket, 'UTC')
ORDER BY (tenant, bucket, service, ts, seq)
SETTINGS index_granularity = 1024, merge_selector_base = 20, ttl_only_drop_parts = 1, old_parts_lifetime = 10, min_bytes_for_wide_part = 4194304,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;

-- Lines and bytes by minute. The marker column (service) is part of the sorting key.
CREATE TABLE IF NOT EXISTS log_minutes (
  tenant      LowCardinality(String)                CODEC(ZSTD(1)),
  minute      DateTime                              CODEC(Delta(4), ZSTD(1)),
  environment LowCardinality(String)                CODEC(ZSTD(1)),
  cluster     LowCardinality(String)                CODEC(ZSTD(1)),
  namespace   LowCardinality(String)                CODEC(ZSTD(1)),
  service     LowCardinality(String)                CODEC(ZSTD(1)),
  severity    LowCardinality(String)                CODEC(ZSTD(1)),
  pattern     UInt64                                CODEC(ZSTD(1)),
  lines       SimpleAggregateFunction(sum, UInt64)  CODEC(T64, ZSTD(1)),
  bytes       SimpleAggregateFunction(sum, UInt64)  CODEC(T64, ZSTD(1))
) ENGINE = AggregatingMergeTree
PARTITION BY toDate(minute, 'UTC')
ORDER BY (tenant, minute, environment, cluster, namespace, service, severity, pattern)
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, old_parts_lifetime = 10,
  min_age_to_force_merge_seconds = 15, min_age_to_force_merge_on_partition_only = 1, max_merge_selecting_sleep_ms = 5000,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;

-- Up to where each file that agents tail was read, as far as a range knows: file and highest offset side by side.
ALTER TABLE ranges ADD COLUMN IF NOT EXISTS log_files Array(UInt64) CODEC(ZSTD(1));
ALTER TABLE ranges ADD COLUMN IF NOT EXISTS log_offsets Array(UInt64) CODEC(ZSTD(1));
