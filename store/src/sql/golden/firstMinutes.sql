SELECT
  environment AS `environment`,
  cluster AS `cluster`,
  namespace AS `namespace`,
  service AS `service`,
  instance AS `instance`,
  toUnixTimestamp(min(minute)) * 1000 AS `minuteMs`
FROM `instances`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (has({p3:Array(String)}, service))
GROUP BY environment, cluster, namespace, service, instance
ORDER BY minuteMs, environment, cluster, namespace, service, instance
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
-- p3 Array(String) ["tv"]
