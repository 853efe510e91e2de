SELECT
  entry AS `entry`,
  (mapKeys(sumMap(duration)), mapValues(sumMap(duration))) AS `duration`
FROM `path_time`
WHERE (tenant = {p0:String}) AND (what = {p1:UInt32}) AND (has({p2:Array(String)}, entry)) AND ((minute >= toDateTime({p3:UInt32})) AND (minute < toDateTime({p4:UInt32})))
GROUP BY entry
HAVING (sum(traces) > 0)
ORDER BY entry
-- p0 String "acme"
-- p1 UInt32 1
-- p2 Array(String) ["[\"e\",\"c\",\"n\",\"tv\",\"GET /\"]"]
-- p3 UInt32 1767300000
-- p4 UInt32 1767303600
