SELECT
  side AS `side`,
  instance AS `instance`,
  sum(calls) AS `calls`,
  sum(errors) AS `errors`,
  (mapKeys(sumMap(duration)), mapValues(sumMap(duration))) AS `duration`,
  count() OVER (PARTITION BY side) AS `sideInstances`,
  sum(sum(calls)) OVER (PARTITION BY side) AS `sideCalls`,
  sum(sum(errors)) OVER (PARTITION BY side) AS `sideErrors`
FROM `edge_instances`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (edge_id IN {p3:Array(UInt64)})
GROUP BY side, instance
HAVING (sum(calls) > 0)
ORDER BY side, sum(calls) DESC, instance
LIMIT {p4:UInt32} BY side
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
-- p3 Array(UInt64) ["81985529216486895"]
-- p4 UInt32 50
