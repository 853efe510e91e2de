-- Sums by minute. Every range adds delta rows; the engine adds rows of one key up, and readers do so with what is left.
-- AggregatingMergeTree also where only sums are kept: SummingMergeTree would remove rows that sum up to 0, and with them the markers.
-- Each row gets a random mark. A merge adds marks up like everything else, so the sum of a minute's marks stays the same through merges
-- and changes with any new row: by it a reader knows whether what it read before still holds. The projection makes that sum cheap.
-- The marker column of each table is part of its sorting key, so that the marker rows of different ranges stay apart.

CREATE TABLE IF NOT EXISTS red (
  tenant      LowCardinality(String)                             CODEC(ZSTD(1)),
  minute      DateTime                                           CODEC(Delta(4), ZSTD(1)),
  environment LowCardinality(String)                             CODEC(ZSTD(1)),
  cluster     LowCardinality(String)                             CODEC(ZSTD(1)),
  namespace   LowCardinality(String)                             CODEC(ZSTD(1)),
  service     LowCardinality(String)                             CODEC(ZSTD(1)),
  operation   LowCardinality(String)                             CODEC(ZSTD(1)),
  kind        UInt8                                              CODEC(ZSTD(1)),
  calls       SimpleAggregateFunction(sum, Int64)                CODEC(T64, ZSTD(1)),
  errors      SimpleAggregateFunction(sum, Int64)                CODEC(T64, ZSTD(1)),
  duration    SimpleAggregateFunction(sumMap, Map(Int16, Int64)) CODEC(ZSTD(1)),
  mark SimpleAggregateFunction(sum, UInt64) DEFAULT rand64() CODEC(NONE),
  PROJECTION marks (
    SELECT tenant, minute, sum(mark), count()
    GROUP BY tenant, minute
  )
) ENGINE = AggregatingMergeTree
PARTITION BY toDate(minute, 'UTC')
ORDER BY (tenant, minute, environment, cluster, namespace, service, operation, kind)
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, old_parts_lifetime = 30,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000, deduplicate_merge_projection_mode = 'rebuild';

CREATE TABLE IF NOT EXISTS instances (
  tenant      LowCardinality(String)                                      CODEC(ZSTD(1)),
  minute      DateTime                                                    CODEC(Delta(4), ZSTD(1)),
  environment LowCardinality(String)                                      CODEC(ZSTD(1)),
  cluster     LowCardinality(String)                                      CODEC(ZSTD(1)),
  namespace   LowCardinality(String)                                      CODEC(ZSTD(1)),
  service     LowCardinality(String)                                      CODEC(ZSTD(1)),
  instance    LowCardinality(String)                                      CODEC(ZSTD(1)),
  version     LowCardinality(String)                                      CODEC(ZSTD(1)),
  addresses   SimpleAggregateFunction(groupUniqArrayArray, Array(String)) CODEC(ZSTD(1)),
  calls       SimpleAggregateFunction(sum, Int64)                         CODEC(T64, ZSTD(1)),
  errors      SimpleAggregateFunction(sum, Int64)                         CODEC(T64, ZSTD(1)),
  duration    SimpleAggregateFunction(sumMap, Map(Int16, Int64))          CODEC(ZSTD(1)),
  mark SimpleAggregateFunction(sum, UInt64) DEFAULT rand64() CODEC(NONE),
  PROJECTION marks (
    SELECT tenant, minute, sum(mark), count()
    GROUP BY tenant, minute
  )
) ENGINE = AggregatingMergeTree
PARTITION BY toDate(minute, 'UTC')
ORDER BY (tenant, minute, environment, cluster, namespace, service, instance, version)
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, old_parts_lifetime = 30,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000, deduplicate_merge_projection_mode = 'rebuild';

CREATE TABLE IF NOT EXISTS edges (
  tenant             LowCardinality(String)                               CODEC(ZSTD(1)),
  minute             DateTime                                             CODEC(Delta(4), ZSTD(1)),
  edge_id            UInt64                                               CODEC(ZSTD(1)),
  kind               SimpleAggregateFunction(any, LowCardinality(String)) CODEC(ZSTD(1)),
  source_kind        SimpleAggregateFunction(any, LowCardinality(String)) CODEC(ZSTD(1)),
  source_environment SimpleAggregateFunction(any, LowCardinality(String)) CODEC(ZSTD(1)),
  source_cluster     SimpleAggregateFunction(any, LowCardinality(String)) CODEC(ZSTD(1)),
  source_namespace   SimpleAggregateFunction(any, LowCardinality(String)) CODEC(ZSTD(1)),
  source_name        SimpleAggregateFunction(any, LowCardinality(String)) CODEC(ZSTD(1)),
  target_kind        SimpleAggregateFunction(any, LowCardinality(String)) CODEC(ZSTD(1)),
  target_environment SimpleAggregateFunction(any, LowCardinality(String)) CODEC(ZSTD(1)),
  target_cluster     SimpleAggregateFunction(any, LowCardinality(String)) CODEC(ZSTD(1)),
  target_namespace   SimpleAggregateFunction(any, LowCardinality(String)) CODEC(ZSTD(1)),
  target_name        SimpleAggregateFunction(any, LowCardinality(String)) CODEC(ZSTD(1)),
  operation          LowCardinality(String)                               CODEC(ZSTD(1)),
  calls              SimpleAggregateFunction(sum, Int64)                  CODEC(T64, ZSTD(1)),
  calls_seen         SimpleAggregateFunction(sum, Int64)                  CODEC(T64, ZSTD(1)),
  errors             SimpleAggregateFunction(sum, Int64)                  CODEC(T64, ZSTD(1)),
  paired             SimpleAggregateFunction(sum, Int64)                  CODEC(T64, ZSTD(1)),
  client_only        SimpleAggregateFunction(sum, Int64)                  CODEC(T64, ZSTD(1)),
  server_only        SimpleAggregateFunction(sum, Int64)                  CODEC(T64, ZSTD(1)),
  parent_child       SimpleAggregateFunction(sum, Int64)                  CODEC(T64, ZSTD(1)),
  topic              SimpleAggregateFunction(sum, Int64)                  CODEC(T64, ZSTD(1)),
  link               SimpleAggregateFunction(sum, Int64)                  CODEC(T64, ZSTD(1)),
  log                SimpleAggregateFunction(sum, Int64)                  CODEC(T64, ZSTD(1)),
  client             SimpleAggregateFunction(sumMap, Map(Int16, Int64))   CODEC(ZSTD(1)),
  server             SimpleAggregateFunction(sumMap, Map(Int16, Int64))   CODEC(ZSTD(1)),
  network            SimpleAggregateFunction(sumMap, Map(Int16, Int64))   CODEC(ZSTD(1)),
  queue_wait         SimpleAggregateFunction(sumMap, Map(Int16, Int64))   CODEC(ZSTD(1)),
  first_seen         SimpleAggregateFunction(min, DateTime64(3))          CODEC(ZSTD(1)),
  last_seen          SimpleAggregateFunction(max, DateTime64(3))          CODEC(ZSTD(1)),
  mark SimpleAggregateFunction(sum, UInt64) DEFAULT rand64() CODEC(NONE),
  PROJECTION marks (
    SELECT tenant, minute, sum(mark), count()
    GROUP BY tenant, minute
  )
) ENGINE = AggregatingMergeTree
PARTITION BY toDate(minute, 'UTC')
ORDER BY (tenant, minute, edge_id, operation)
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, old_parts_lifetime = 30,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000, deduplicate_merge_projection_mode = 'rebuild';

CREATE TABLE IF NOT EXISTS notes (
  tenant  LowCardinality(String)              CODEC(ZSTD(1)),
  minute  DateTime                            CODEC(Delta(4), ZSTD(1)),
  code    LowCardinality(String)              CODEC(ZSTD(1)),
  subject LowCardinality(String)              CODEC(ZSTD(1)),
  count   SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1))
) ENGINE = AggregatingMergeTree
PARTITION BY toDate(minute, 'UTC')
ORDER BY (tenant, minute, code, subject)
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, old_parts_lifetime = 30,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;

CREATE TABLE IF NOT EXISTS outcomes (
  tenant   LowCardinality(String)               CODEC(ZSTD(1)),
  minute   DateTime                             CODEC(Delta(4), ZSTD(1)),
  signal   LowCardinality(String)               CODEC(ZSTD(1)),
  key_id   LowCardinality(String)               CODEC(ZSTD(1)),
  kind     LowCardinality(String)               CODEC(ZSTD(1)),
  reason   LowCardinality(String)               CODEC(ZSTD(1)),
  requests SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  records  SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  bytes    SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1))
) ENGINE = AggregatingMergeTree
PARTITION BY toDate(minute, 'UTC')
ORDER BY (tenant, minute, signal, key_id, kind, reason)
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, old_parts_lifetime = 30,
  fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
  non_replicated_deduplication_window = 100000;
