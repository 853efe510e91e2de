SELECT
  toUnixTimestamp(minute) AS `seconds`,
  groupArray(materialize(sipHash64(environment, cluster, namespace, service))) AS `ids`,
  groupArray(materialize(calls)) AS `counter0`,
  groupArray(materialize(errors)) AS `counter1`,
  groupArray(materialize(toUInt32(length(duration)))) AS `lengths0`,
  groupArrayArray(mapKeys(duration)) AS `buckets0`,
  groupArrayArray(mapValues(duration)) AS `counts0`
FROM `red`
WHERE (tenant = {p0:String}) AND (((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))))
GROUP BY minute
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767300300
