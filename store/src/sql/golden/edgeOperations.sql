SELECT
  operation AS `operation`,
  sum(calls) AS `calls`,
  sum(errors) AS `errors`,
  (mapKeys(sumMap(client)), mapValues(sumMap(client))) AS `client`,
  (mapKeys(sumMap(server)), mapValues(sumMap(server))) AS `server`
FROM `edges`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (has({p3:Array(UInt64)}, edge_id))
GROUP BY operation
HAVING (sum(calls) > 0)
ORDER BY sum(calls) DESC, operation
LIMIT {p4:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
-- p3 Array(UInt64) ["81985529216486895"]
-- p4 UInt32 50
