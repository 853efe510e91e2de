-- Rows: what was received, one row a span, resource, trace part.
-- The marker rows of tenant '' (one per range and day) lie in the same parts.

CREATE TABLE IF NOT EXISTS spans (
  tenant       LowCardinality(String)        CODEC(ZSTD(1)),
  bucket       DateTime                      CODEC(Delta(4), ZSTD(1)),
  ts           DateTime64(9)                 CODEC(Delta(8), ZSTD(1)),
  trace_id     FixedString(16)               CODEC(ZSTD(1)),
  span_id      FixedString(8)                CODEC(NONE),
  parent_lo    UInt32                        CODEC(ZSTD(1)),
  parent_hi    UInt32                        CODEC(ZSTD(1)),
  name         LowCardinality(String)        CODEC(ZSTD(1)),
  service      LowCardinality(String)        CODEC(ZSTD(1)),
  scope        LowCardinality(String)        CODEC(ZSTD(1)),
  kind         UInt8                         CODEC(ZSTD(1)),
  status       UInt8                         CODEC(ZSTD(1)),
  message      String                        CODEC(ZSTD(1)),
  duration     UInt64                        CODEC(T64, ZSTD(1)),
  resource_fp  UInt64                        CODEC(ZSTD(1)),
  events       String                        CODEC(ZSTD(1)),
  links        String                        CODEC(ZSTD(1)),
  items        Array(LowCardinality(String)) CODEC(ZSTD(1)),
  rest         String                        CODEC(ZSTD(1)),
  INDEX ii items TYPE bloom_filter(0.01) GRANULARITY 8,
  INDEX ir splitByChar('\x1e', rest) TYPE bloom_filter(0.001) GRANULARITY 8,
  INDEX it trace_id TYPE bloom_filter(0.001) GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY toDate(bucket, 'UTC')
ORDER BY (tenant, bucket, trace_id, ts)
SETTINGS index_granularity = 1024, merge_selector_base = 20, ttl_only_drop_parts = 1, old_parts_lifetime = 30,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;

-- The attributes stand in the sorting key alone so that the marker rows of different ranges stay apart.
CREATE TABLE IF NOT EXISTS resources (
  tenant     LowCardinality(String) CODEC(ZSTD(1)),
  day        Date                   CODEC(ZSTD(1)),
  fp         UInt64                 CODEC(ZSTD(1)),
  attributes String                 CODEC(ZSTD(1))
) ENGINE = ReplacingMergeTree
PARTITION BY day
PRIMARY KEY (tenant, fp)
ORDER BY (tenant, fp, attributes)
SETTINGS index_granularity = 256, ttl_only_drop_parts = 1, old_parts_lifetime = 30,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;

CREATE TABLE IF NOT EXISTS traces (
  tenant         LowCardinality(String)        CODEC(ZSTD(1)),
  bucket         DateTime                      CODEC(Delta(4), ZSTD(1)),
  trace_id       FixedString(16)               CODEC(ZSTD(1)),
  start_ns       UInt64                        CODEC(Delta(8), ZSTD(1)),
  end_ns         UInt64                        CODEC(Delta(8), ZSTD(1)),
  spans          UInt32                        CODEC(T64, ZSTD(1)),
  errors         UInt32                        CODEC(T64, ZSTD(1)),
  has_root       UInt8                         CODEC(ZSTD(1)),
  root_service   LowCardinality(String)        CODEC(ZSTD(1)),
  root_operation String                        CODEC(ZSTD(1)),
  services       Array(LowCardinality(String)) CODEC(ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toDate(bucket, 'UTC')
ORDER BY (tenant, bucket, trace_id)
SETTINGS index_granularity = 1024, merge_selector_base = 20, ttl_only_drop_parts = 1, old_parts_lifetime = 30,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;

CREATE TABLE IF NOT EXISTS trace_services (
  tenant       LowCardinality(String) CODEC(ZSTD(1)),
  service      LowCardinality(String) CODEC(ZSTD(1)),
  bucket       DateTime               CODEC(Delta(4), ZSTD(1)),
  trace_id     FixedString(16)        CODEC(ZSTD(1)),
  max_duration UInt64                 CODEC(T64, ZSTD(1)),
  error        UInt8                  CODEC(ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toDate(bucket, 'UTC')
ORDER BY (tenant, service, bucket)
SETTINGS index_granularity = 1024, merge_selector_base = 20, ttl_only_drop_parts = 1, old_parts_lifetime = 30,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;

CREATE TABLE IF NOT EXISTS exemplars (
  tenant           LowCardinality(String) CODEC(ZSTD(1)),
  minute           DateTime               CODEC(Delta(4), ZSTD(1)),
  edge_id          UInt64                 CODEC(ZSTD(1)),
  source_operation LowCardinality(String) CODEC(ZSTD(1)),
  trace_id         FixedString(16)        CODEC(ZSTD(1)),
  span_id          FixedString(8)         CODEC(ZSTD(1)),
  duration         UInt64                 CODEC(T64, ZSTD(1)),
  error            UInt8                  CODEC(ZSTD(1)),
  ts               DateTime64(3)          CODEC(Delta(8), ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toDate(minute, 'UTC')
ORDER BY (tenant, minute, edge_id)
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, old_parts_lifetime = 30,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;
