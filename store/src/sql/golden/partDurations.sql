SELECT
  item AS `item`,
  (mapKeys(sumMap(duration)), mapValues(sumMap(duration))) AS `duration`
FROM `path_time`
WHERE (tenant = {p0:String}) AND (what = {p1:UInt32}) AND (entry = {p2:String}) AND (band >= {p3:Int64}) AND (band <= {p4:Int64}) AND ((minute >= toDateTime({p5:UInt32})) AND (minute < toDateTime({p6:UInt32})))
GROUP BY item
HAVING (sum(traces) > 0)
ORDER BY sum(time) DESC, item
LIMIT {p7:UInt32}
-- p0 String "acme"
-- p1 UInt32 2
-- p2 String "[\"e\",\"c\",\"n\",\"tv\",\"GET /\"]"
-- p3 Int64 90
-- p4 Int64 140
-- p5 UInt32 1767300000
-- p6 UInt32 1767303600
-- p7 UInt32 15000
