SELECT
  leftPad(lower(hex(sipHash64(environment, cluster, namespace, service))), 16, '0') AS `id`,
  environment AS `environment`,
  cluster AS `cluster`,
  namespace AS `namespace`,
  service AS `service`
FROM `red`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (sipHash64(environment, cluster, namespace, service) IN {p3:Array(UInt64)})
GROUP BY environment, cluster, namespace, service
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
-- p3 Array(UInt64) ["81985529216486895"]
