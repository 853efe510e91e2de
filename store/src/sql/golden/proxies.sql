SELECT
  environment AS `environment`,
  cluster AS `cluster`,
  namespace AS `namespace`,
  service AS `service`,
  max(proxy) AS `proxy`
FROM `instances`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (proxy != '')
GROUP BY environment, cluster, namespace, service
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
