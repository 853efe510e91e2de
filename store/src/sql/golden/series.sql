SELECT
  intDiv(toUnixTimestamp(minute), {p0:UInt32}) * {p0:UInt32} * 1000 AS `timeMs`,
  sum(calls) AS `calls`,
  sum(errors) AS `errors`,
  (mapKeys(sumMap(duration)), mapValues(sumMap(duration))) AS `histogram`
FROM `red`
WHERE (tenant = {p1:String}) AND ((minute >= toDateTime({p2:UInt32})) AND (minute < toDateTime({p3:UInt32})))
GROUP BY timeMs
ORDER BY timeMs
-- p0 UInt32 300
-- p1 String "acme"
-- p2 UInt32 1767300000
-- p3 UInt32 1767303600
