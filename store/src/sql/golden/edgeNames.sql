SELECT
  leftPad(lower(hex(edge_id)), 16, '0') AS `id`,
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
  any(target_name) AS `targetName`
FROM `edges`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (edge_id IN {p3:Array(UInt64)})
GROUP BY edge_id
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
-- p3 Array(UInt64) ["81985529216486895"]
