SELECT
  environment AS `environment`,
  cluster AS `cluster`,
  namespace AS `namespace`,
  service AS `service`,
  version AS `version`,
  min(toUnixTimestamp(minute)) AS `from`,
  max(toUnixTimestamp(minute)) AS `to`
FROM `instances`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (version != '')
GROUP BY environment, cluster, namespace, service, version
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
