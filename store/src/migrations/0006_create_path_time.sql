-- Where the time of whole traces goes, by minute, entry and latency band: whole traces, own time, findings, shapes and notes (column `what`).
-- One table, since an insert costs more than its rows. What a row is about stands in one text, `item`, written and read by path-text.ts.
-- Every range adds delta rows, and takes back what late spans changed; the engine adds rows of one key up, and readers do so with what is left.
-- `slowest` is 41 bytes whose order is that of own time, so that the greatest is the slowest trace.
-- Marker rows of ranges (tenant '') stand apart by `item`, which is part of the sorting key.

CREATE TABLE IF NOT EXISTS path_time (
  tenant   LowCardinality(String)                             CODEC(ZSTD(1)),
  minute   DateTime                                           CODEC(Delta(4), ZSTD(1)),
  what     UInt8                                              CODEC(ZSTD(1)),
  entry    LowCardinality(String)                             CODEC(ZSTD(1)),
  release  LowCardinality(String)                             CODEC(ZSTD(1)),
  band     Int16                                              CODEC(ZSTD(1)),
  item     LowCardinality(String)                             CODEC(ZSTD(1)),
  traces   SimpleAggregateFunction(sum, Int64)                CODEC(T64, ZSTD(1)),
  count    SimpleAggregateFunction(sum, Int64)                CODEC(T64, ZSTD(1)),
  time     SimpleAggregateFunction(sum, Int64)                CODEC(T64, ZSTD(1)),
  errors   SimpleAggregateFunction(sum, Int64)                CODEC(T64, ZSTD(1)),
  retries  SimpleAggregateFunction(sum, Int64)                CODEC(T64, ZSTD(1)),
  saving   SimpleAggregateFunction(sum, Int64)                CODEC(T64, ZSTD(1)),
  duration SimpleAggregateFunction(sumMap, Map(Int16, Int64)) CODEC(ZSTD(1)),
  slowest  SimpleAggregateFunction(max, String)               CODEC(ZSTD(1))
) ENGINE = AggregatingMergeTree
PARTITION BY toDate(minute, 'UTC')
ORDER BY (tenant, what, entry, band, minute, release, item)
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, old_parts_lifetime = 30,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;
