-- Which instances stood at both ends of an edge, and who used it.

CREATE TABLE IF NOT EXISTS edge_instances (
  tenant   LowCardinality(String)                             CODEC(ZSTD(1)),
  minute   DateTime                                           CODEC(Delta(4), ZSTD(1)),
  edge_id  UInt64                                             CODEC(ZSTD(1)),
  side     LowCardinality(String)                             CODEC(ZSTD(1)),
  instance LowCardinality(String)                             CODEC(ZSTD(1)),
  calls    SimpleAggregateFunction(sum, Int64)                CODEC(T64, ZSTD(1)),
  errors   SimpleAggregateFunction(sum, Int64)                CODEC(T64, ZSTD(1)),
  duration SimpleAggregateFunction(sumMap, Map(Int16, Int64)) CODEC(ZSTD(1))
) ENGINE = AggregatingMergeTree
PARTITION BY toDate(minute, 'UTC')
ORDER BY (tenant, edge_id, minute, side, instance)
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, old_parts_lifetime = 30,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;

-- A block brings the hashes of viewers, each once; what is kept is a sketch of them (±1.6 %), which adds up over minutes and edges. Each
-- minute's viewers come once more for their hour (`step` in seconds), so that long windows read few rows.
CREATE TABLE IF NOT EXISTS edge_viewers (
  tenant   LowCardinality(String) CODEC(ZSTD(1)),
  minute   DateTime               CODEC(Delta(4), ZSTD(1)),
  step     UInt16                 CODEC(ZSTD(1)),
  edge_id  UInt64                 CODEC(ZSTD(1)),
  marker   LowCardinality(String) CODEC(ZSTD(1)),
  viewers  Array(UInt64) EPHEMERAL,
  sketch   AggregateFunction(uniqCombined64(12), UInt64) DEFAULT arrayReduce('uniqCombined64State(12)', viewers) CODEC(ZSTD(1))
) ENGINE = AggregatingMergeTree
PARTITION BY toDate(minute, 'UTC')
ORDER BY (tenant, step, minute, edge_id, marker)
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, old_parts_lifetime = 30,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;

-- Of a service that passes calls on, the software that does.
ALTER TABLE instances ADD COLUMN IF NOT EXISTS proxy SimpleAggregateFunction(max, String) CODEC(ZSTD(1)) AFTER addresses;

-- `late`: seconds of log time from a span's start to its arrival, rounded up, 0 up to a minute. `weight`: how many spans this one stands for,
-- 0 when it does not say. Both are mostly 0 and take next to no room; by them a span that comes late is paired as it would have been.
ALTER TABLE spans
  ADD COLUMN IF NOT EXISTS late UInt32 CODEC(ZSTD(1)) AFTER rest,
  ADD COLUMN IF NOT EXISTS weight UInt32 CODEC(ZSTD(1)) AFTER late
