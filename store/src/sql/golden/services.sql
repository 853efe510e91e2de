SELECT
  toUnixTimestamp(minute) AS `seconds`,
  sipHash64(environment, cluster, namespace, service) AS `id`,
  calls AS `counter0`,
  errors AS `counter1`,
  duration AS `histogram0`
FROM `red`
WHERE (tenant = {p0:String}) AND (((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))))
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767300300
