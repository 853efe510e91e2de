SELECT
  leftPad(lower(hex(edge_id)), 16, '0') AS `edgeId`,
  any(kind) AS `kind`,
  any(source_kind) AS `sourceKind`,
  any(source_environment) AS `sourceEnvironment`,
  any(source_cluster) AS `sourceCluster`,
  any(source_namespace) AS `sourceNamespace`,
  any(source_name) AS `sourceName`,
  any(target_kind) AS `targetKind`,
  any(target_environment) AS `targetEnvironment`,
  any(target_cluster) AS `targetCluster`,
  any(target_namespace) AS `targetNamespace`,
  any(target_name) AS `targetName`,
  sum(calls) AS `calls`,
  sum(calls_seen) AS `callsSeen`,
  sum(errors) AS `errors`,
  sum(paired) AS `paired`,
  sum(client_only) AS `clientOnly`,
  sum(server_only) AS `serverOnly`,
  sum(parent_child) AS `parentChild`,
  sum(topic) AS `topic`,
  sum(link) AS `link`,
  sum(log) AS `log`,
  (mapKeys(sumMap(client)), mapValues(sumMap(client))) AS `client`,
  (mapKeys(sumMap(server)), mapValues(sumMap(server))) AS `server`,
  (mapKeys(sumMap(network)), mapValues(sumMap(network))) AS `network`,
  (mapKeys(sumMap(queue_wait)), mapValues(sumMap(queue_wait))) AS `queueWait`,
  toUnixTimestamp64Milli(min(first_seen)) AS `firstSeenMs`,
  toUnixTimestamp64Milli(max(last_seen)) AS `lastSeenMs`
FROM `edges`
WHERE (tenant = {p0:String}) AND (((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))))
GROUP BY edge_id
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767300300
