SELECT
  toUnixTimestamp(minute) AS `seconds`,
  groupArray(materialize(edge_id)) AS `ids`,
  groupArray(materialize(calls)) AS `counter0`,
  groupArray(materialize(errors)) AS `counter1`,
  groupArray(materialize(toUInt32(length(client)))) AS `lengths0`,
  groupArrayArray(mapKeys(client)) AS `buckets0`,
  groupArrayArray(mapValues(client)) AS `counts0`,
  groupArray(materialize(toUInt32(length(server)))) AS `lengths1`,
  groupArrayArray(mapKeys(server)) AS `buckets1`,
  groupArrayArray(mapValues(server)) AS `counts1`
FROM `edges`
WHERE (tenant = {p0:String}) AND (((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))))
GROUP BY minute
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767300300
