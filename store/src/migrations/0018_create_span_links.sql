-- Links between spans, one row a link, by the trace that a link names: who links to a trace is asked by the page of that trace and by ingest, for a
-- span that comes after those that link to it. The marker rows of tenant '' (one per range and day) lie in the same parts.

CREATE TABLE IF NOT EXISTS span_links (
  tenant       LowCardinality(String) CODEC(ZSTD(1)),
  linked_trace FixedString(16)        CODEC(ZSTD(1)),
  linked_span  FixedString(8)         CODEC(NONE),
  bucket       DateTime               CODEC(Delta(4), ZSTD(1)),
  ts           DateTime64(9)          CODEC(Delta(8), ZSTD(1)),
  trace_id     FixedString(16)        CODEC(ZSTD(1)),
  span_id      FixedString(8)         CODEC(NONE),
  name         LowCardinality(String) CODEC(ZSTD(1)),
  service      LowCardinality(String) CODEC(ZSTD(1)),
  late         UInt32                 CODEC(T64, ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toDate(bucket, 'UTC')
ORDER BY (tenant, linked_trace, ts)
SETTINGS index_granularity = 1024, merge_selector_base = 20, ttl_only_drop_parts = 1, old_parts_lifetime = 10,
  min_age_to_force_merge_seconds = 15, min_age_to_force_merge_on_partition_only = 1, max_merge_selecting_sleep_ms = 5000,
  cleanup_delay_period = 10, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 20,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;
