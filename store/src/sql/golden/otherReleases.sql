SELECT
  sum(traces) AS `traces`,
  sum(time) AS `timeNs`,
  (mapKeys(sumMap(duration)), mapValues(sumMap(duration))) AS `duration`
FROM `path_time`
WHERE (tenant = {p0:String}) AND (what = {p1:UInt32}) AND (entry = {p2:String}) AND (release NOT IN {p3:Array(String)}) AND ((minute >= toDateTime({p4:UInt32})) AND (minute < toDateTime({p5:UInt32})))
HAVING (sum(traces) > 0)
-- p0 String "acme"
-- p1 UInt32 1
-- p2 String "[\"e\",\"c\",\"n\",\"tv\",\"GET /\"]"
-- p3 Array(String) ["1","2'"]
-- p4 UInt32 1767300000
-- p5 UInt32 1767303600
