SELECT
  toUnixTimestamp(minute) * 1000 AS `minuteMs`,
  sum(calls) AS `calls`,
  sum(errors) AS `errors`,
  (mapKeys(sumMap(client)), mapValues(sumMap(client))) AS `client`,
  (mapKeys(sumMap(server)), mapValues(sumMap(server))) AS `server`,
  (mapKeys(sumMap(network)), mapValues(sumMap(network))) AS `network`,
  (mapKeys(sumMap(queue_wait)), mapValues(sumMap(queue_wait))) AS `queueWait`
FROM `edges`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (has({p3:Array(UInt64)}, edge_id))
GROUP BY minute
ORDER BY minute
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
-- p3 Array(UInt64) ["81985529216486895"]
