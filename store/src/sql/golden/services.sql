SELECT
  toUnixTimestamp(minute) AS `seconds`,
  groupArray(sipHash64(environment, cluster, namespace, service)) AS `ids`,
  groupArray(calls) AS `counter0`,
  groupArray(errors) AS `counter1`,
  groupArray(toUInt32(length(duration))) AS `lengths0`,
  groupArrayArray(mapKeys(duration)) AS `buckets0`,
  groupArrayArray(mapValues(duration)) AS `counts0`
FROM `red`
WHERE (tenant = {p0:String}) AND (((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))))
GROUP BY minute
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767300300
