SELECT
  environment AS `environment`,
  cluster AS `cluster`,
  namespace AS `namespace`,
  service AS `service`,
  version AS `version`,
  intDiv(toUnixTimestamp(minute), {p0:UInt32}) * {p0:UInt32} AS `slot`,
  min(toUnixTimestamp(minute)) AS `from`,
  max(toUnixTimestamp(minute)) AS `to`
FROM `instances`
WHERE (tenant = {p1:String}) AND (((minute >= toDateTime({p2:UInt32})) AND (minute < toDateTime({p3:UInt32})))) AND (version != '')
GROUP BY environment, cluster, namespace, service, version, intDiv(toUnixTimestamp(minute), {p0:UInt32})
-- p0 UInt32 300
-- p1 String "acme"
-- p2 UInt32 1767300000
-- p3 UInt32 1767300300
