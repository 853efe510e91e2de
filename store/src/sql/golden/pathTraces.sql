SELECT
  entry AS `entry`,
  release AS `release`,
  sum(traces) AS `traces`,
  sum(time) AS `timeNs`,
  (mapKeys(sumMap(duration)), mapValues(sumMap(duration))) AS `duration`
FROM `path_time`
WHERE (tenant = {p0:String}) AND (what = {p1:UInt32}) AND (entry IN {p2:Array(String)}) AND ((minute >= toDateTime({p3:UInt32})) AND (minute < toDateTime({p4:UInt32})))
GROUP BY entry, release
HAVING (sum(traces) > 0)
ORDER BY entry, has({p5:Array(String)}, release) DESC, sum(traces) DESC, release
LIMIT {p6:UInt32} BY entry
-- p0 String "acme"
-- p1 UInt32 1
-- p2 Array(String) ["[\"e\",\"c\",\"n\",\"tv\",\"GET /\"]"]
-- p3 UInt32 1767300000
-- p4 UInt32 1767303600
-- p5 Array(String) []
-- p6 UInt32 1000
