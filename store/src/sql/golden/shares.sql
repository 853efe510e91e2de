SELECT
  environment AS `environment`,
  cluster AS `cluster`,
  namespace AS `namespace`,
  service AS `service`,
  toUnixTimestamp(minute) AS `seconds`,
  version AS `version`,
  uniqExact(instance) AS `instances`
FROM `instances`
WHERE (tenant = {p0:String}) AND (((service = {p1:String}) AND (minute >= toDateTime({p2:UInt32})) AND (minute < toDateTime({p3:UInt32}))))
GROUP BY environment, cluster, namespace, service, minute, version
-- p0 String "acme"
-- p1 String "tv"
-- p2 UInt32 1767300000
-- p3 UInt32 1767300900
